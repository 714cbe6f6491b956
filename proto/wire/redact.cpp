#include "proto/wire/redact.h"

#include <algorithm>

namespace hiatus::wire {

namespace {

/// Where the password ends in what follows "://": before an '@' of the authority, or, as people write what should have
/// been percent-encoded, before the last '@' of the word. Nothing: there is none.
std::size_t passwordEnd(std::string_view word, std::size_t colon)
{
    const std::string_view authority = word.substr(0, word.find('/'));
    const auto at = authority.rfind('@');
    if (at != std::string_view::npos)
        return at;
    const std::string_view port = colon < authority.size() ? authority.substr(colon + 1) : std::string_view();
    const bool isPort = port.find_first_not_of("0123456789") == std::string_view::npos;
    return isPort ? std::string_view::npos : word.rfind('@');
}

} // namespace

std::string redacted(std::string_view text)
{
    std::string result;
    for (;;) {
        const auto scheme = text.find("://");
        if (scheme == std::string_view::npos)
            return result.append(text);
        const auto begin = scheme + 3;
        const auto end = std::min(text.find_first_of(" \t\n'\"", begin), text.size());
        const std::string_view word = text.substr(begin, end - begin);
        const auto colon = word.find(':');
        const auto at = passwordEnd(word, colon);
        result.append(text.substr(0, begin));
        if (at != std::string_view::npos && colon < at)
            result.append(word.substr(0, colon + 1)).append("***").append(word.substr(at));
        else
            result.append(word);
        text.remove_prefix(end);
    }
}

} // namespace hiatus::wire
