#include "scenarios/requirements/sections.h"

#include <cctype>
#include <map>

namespace hiatus::requirements {

namespace {

struct Titles
{
    std::string_view v3;
    std::string_view v5;
};

const std::map<std::string_view, Titles> &titles()
{
    static const std::map<std::string_view, Titles> all{
        {"1.2", {"Terminology", "Terminology"}},
        {"2.2", {"Fixed header", "Variable header"}},
        {"2.3", {"Variable header", "Payload"}},
        {"2.4", {"Payload", "Reason Code"}},
        {"3.1", {"CONNECT", "CONNECT"}},
        {"3.2", {"CONNACK", "CONNACK"}},
        {"3.3", {"PUBLISH", "PUBLISH"}},
        {"3.4", {"PUBACK", "PUBACK"}},
        {"3.5", {"PUBREC", "PUBREC"}},
        {"3.6", {"PUBREL", "PUBREL"}},
        {"3.7", {"PUBCOMP", "PUBCOMP"}},
        {"3.8", {"SUBSCRIBE", "SUBSCRIBE"}},
        {"3.9", {"SUBACK", "SUBACK"}},
        {"3.10", {"UNSUBSCRIBE", "UNSUBSCRIBE"}},
        {"3.11", {"UNSUBACK", "UNSUBACK"}},
        {"3.12", {"PINGREQ", "PINGREQ"}},
        {"3.13", {"PINGRESP", "PINGRESP"}},
        {"3.14", {"DISCONNECT", "DISCONNECT"}},
        {"3.15", {"", "AUTH"}},
        {"4.1", {"Storing state", "Session State"}},
        {"4.2", {"Network Connections", "Network Connections"}},
        {"4.3", {"Quality of Service levels", "Quality of Service levels"}},
        {"4.4", {"Message delivery retry", "Message delivery retry"}},
        {"4.5", {"Message receipt", "Message receipt"}},
        {"4.6", {"Message ordering", "Message ordering"}},
        {"4.7", {"Topic Names and Topic Filters", "Topic Names and Topic Filters"}},
        {"4.8", {"Handling errors", "Subscriptions"}},
        {"4.9", {"", "Flow Control"}},
        {"4.10", {"", "Request / Response"}},
        {"4.11", {"", "Server redirection"}},
        {"4.12", {"", "Enhanced authentication"}},
        {"4.13", {"", "Handling errors"}},
        {"derived", {"What several statements together say", "What several statements together say"}},
        {"allowances", {"What the standard leaves free", "What the standard leaves free"}},
    };
    return all;
}

} // namespace

std::string sectionOf(std::string_view id)
{
    if (!id.empty() && id.front() == 'D')
        return "derived";
    if (!id.empty() && id.front() == 'A')
        return "allowances";
    const std::size_t dash = id.find('-');
    if (dash == std::string_view::npos)
        return {};
    std::string section;
    int dots = 0;
    for (const char c : id.substr(dash + 1)) {
        dots += c == '.' ? 1 : 0;
        if (dots > 1 || (c != '.' && std::isdigit(static_cast<unsigned char>(c)) == 0))
            break;
        section += c;
    }
    return section;
}

std::string_view sectionTitle(v1::Version version, std::string_view section)
{
    const auto found = titles().find(section);
    if (found == titles().end())
        return {};
    return version == v1::V3 ? found->second.v3 : found->second.v5;
}

} // namespace hiatus::requirements
