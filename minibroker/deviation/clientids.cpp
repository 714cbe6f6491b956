// Client identifiers that are not compared byte by byte: two clients are one.

#include "minibroker/deviation/filters.h"
#include "minibroker/deviation/rows.h"

#include <algorithm>
#include <string>
#include <utility>

namespace hiatus::broker {

namespace {

/// The broker sees every identifier as `alter` leaves it.
Alteration confusing(std::string name, std::string sentence, std::string seen, void (*alter)(std::string &id))
{
    return {.name = std::move(name),
            .sentence = std::move(sentence),
            .breaks = {v3("MQTT-3.1.3-2"), v5("MQTT-3.1.3-2")},
            .seen = std::move(seen),
            .apply = filtered({.reads = [alter](v1::Packet &packet, const LinkView &) {
                if (packet.has_connect())
                    alter(*packet.mutable_connect()->mutable_client_id());
            }})};
}

void cut(std::string &id, std::size_t bytes) { id.resize(std::min(id.size(), bytes)); }

} // namespace

Rows clientIdDeviations()
{
    const std::string field = "field scenario B46";
    return {
        confusing("client-ids-in-small-letters", "Client identifiers that differ by case only are taken for one.", field,
                  [](std::string &id) {
                      std::transform(id.begin(), id.end(), id.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
                  }),
        confusing("client-ids-cut-short", "Client identifiers are told apart by their first fifteen characters.", field,
                  [](std::string &id) { cut(id, 15); }),
        confusing("client-ids-cut-at-1024", "Client identifiers are told apart by their first 1,024 bytes.", field,
                  [](std::string &id) { cut(id, 1024); }),
        confusing("client-ids-end-at-a-slash", "A client identifier is looked at up to its first slash or underscore.",
                  "brokers that keep state under names made of the identifier; " + field, [](std::string &id) { cut(id, id.find_first_of("/_")); }),
        confusing("client-ids-in-ascii", "Of client identifiers only what is ASCII is looked at.", field,
                  [](std::string &id) { std::erase_if(id, [](char c) { return static_cast<unsigned char>(c) > 0x7F; }); }),
        confusing("client-ids-stripped", "Control characters of a client identifier are left out.", field,
                  [](std::string &id) { std::erase_if(id, [](char c) { return c >= 0 && c < ' '; }); }),
        confusing("client-ids-normalized", "In client identifiers a letter and its combining accent are one letter: e and U+0301 are U+00E9.",
                  "ejabberd; columns that compare by language", [](std::string &id) {
                      if (const auto at = id.find("e\xCC\x81"); at != std::string::npos)
                          id.replace(at, 3, "\xC3\xA9");
                  }),
    };
}

} // namespace hiatus::broker
