#pragma once
// Topic names and topic filters [3.1.1 4.7] [5.0 4.7, 4.8.2].

#include <optional>
#include <string_view>

namespace hiatus::wire {

/// 1 to 65,535 bytes of UTF-8 without wildcards and U+0000.
bool isTopicName(std::string_view topic);

/// A well-formed filter: '#' only last and alone in its level, '+' alone in its level; also behind $share/group/.
bool isTopicFilter(std::string_view filter);

struct SharedFilter
{
    std::string_view group;
    std::string_view filter;
};
/// The parts of $share/group/filter; nothing if it is not a well-formed shared filter.
std::optional<SharedFilter> sharedFilter(std::string_view filter);

/// Does the (non-shared part of a) filter match the topic? A leading wildcard matches no topic that begins with '$'.
bool matches(std::string_view filter, std::string_view topic);

bool hasWildcard(std::string_view filter);

/// Well-formed UTF-8 as MQTT wants it: no surrogates, no U+0000.
bool isUtf8(std::string_view bytes);

} // namespace hiatus::wire
