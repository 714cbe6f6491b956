#include "proto/wire/topicfilter.h"

#include "proto/wire/filterfault.h"
#include "proto/wire/utf8.h"

namespace hiatus::wire {

namespace {

constexpr std::string_view SharePrefix = "$share/";
constexpr std::size_t LongestString = 65535;

/// [3.1.1 MQTT-4.7.1-2, MQTT-4.7.1-3, MQTT-4.7.3-1] [5.0 MQTT-4.7.1-1, MQTT-4.7.1-2, MQTT-4.7.3-1]
TopicFault plainFilterFault(std::string_view filter)
{
    if (filter.empty())
        return {&fault::FilterEmpty, 0};
    for (std::size_t i = 0; i < filter.size(); ++i) {
        const char c = filter[i];
        if (c != '#' && c != '+')
            continue;
        const bool begins = i == 0 || filter[i - 1] == '/';
        const bool last = i + 1 == filter.size();
        if (c == '#' && !(begins && last))
            return {&fault::FilterMultiLevel, i};
        if (c == '+' && !(begins && (last || filter[i + 1] == '/')))
            return {&fault::FilterSingleLevel, i};
    }
    return {};
}

/// [5.0 MQTT-4.8.2-1, MQTT-4.8.2-2]
TopicFault sharedFilterFault(std::string_view filter)
{
    const std::size_t start = SharePrefix.size();
    const std::size_t slash = filter.find('/', start);
    const std::string_view group = filter.substr(start, slash - start);
    if (group.empty())
        return {&fault::ShareNameEmpty, start};
    const std::size_t wildcard = wildcardOffset(group);
    if (wildcard != std::string_view::npos)
        return {&fault::ShareNameBad, start + wildcard};
    if (slash == std::string_view::npos || slash + 1 == filter.size())
        return {&fault::ShareNameBad, filter.size()};
    TopicFault inner = plainFilterFault(filter.substr(slash + 1));
    inner.offset += slash + 1;
    return inner;
}

/// The level at the beginning of the rest; takes it and the separator behind it away.
std::string_view takeLevel(std::string_view &rest, bool &more)
{
    const std::size_t slash = rest.find('/');
    const std::string_view level = rest.substr(0, slash);
    more = slash != std::string_view::npos;
    rest = more ? rest.substr(slash + 1) : std::string_view();
    return level;
}

bool matchesLevels(std::string_view filter, std::string_view topic)
{
    bool moreFilter = true;
    bool moreTopic = true;
    while (moreFilter && moreTopic) {
        const std::string_view wanted = takeLevel(filter, moreFilter);
        if (wanted == "#")
            return true;
        const std::string_view level = takeLevel(topic, moreTopic);
        if (wanted != "+" && wanted != level)
            return false;
    }
    if (moreFilter)
        return filter == "#"; // "a/#" includes the parent "a"
    return !moreTopic;
}

} // namespace

std::size_t wildcardOffset(std::string_view topic)
{
    for (std::size_t i = 0; i < topic.size(); ++i) {
        if (topic[i] == '+' || topic[i] == '#')
            return i;
    }
    return std::string_view::npos;
}

bool isShared(std::string_view filter)
{
    return filter.substr(0, SharePrefix.size()) == SharePrefix;
}

TopicFault filterFault(std::string_view filter, v1::Version version)
{
    if (version != v1::V3 && isShared(filter))
        return sharedFilterFault(filter);
    return plainFilterFault(filter);
}

bool isUtf8(std::string_view bytes)
{
    return utf8Fault(bytes).kind == Utf8Fault::None;
}

bool isTopicName(std::string_view topic)
{
    return !topic.empty() && topic.size() <= LongestString && isUtf8(topic) && !hasWildcard(topic);
}

bool isTopicFilter(std::string_view filter)
{
    return filter.size() <= LongestString && isUtf8(filter) && filterFault(filter, v1::V5).fault == nullptr;
}

std::optional<SharedFilter> sharedFilter(std::string_view filter)
{
    if (!isShared(filter) || !isTopicFilter(filter))
        return {};
    const std::size_t slash = filter.find('/', SharePrefix.size());
    return SharedFilter{filter.substr(SharePrefix.size(), slash - SharePrefix.size()), filter.substr(slash + 1)};
}

bool matches(std::string_view filter, std::string_view topic)
{
    if (const auto shared = sharedFilter(filter))
        filter = shared->filter;
    if (filter.empty() || topic.empty())
        return false;
    // [3.1.1 MQTT-4.7.2-1] [5.0 MQTT-4.7.2-1]
    if (topic.front() == '$' && (filter.front() == '#' || filter.front() == '+'))
        return false;
    return matchesLevels(filter, topic);
}

bool hasWildcard(std::string_view filter)
{
    return wildcardOffset(filter) != std::string_view::npos;
}

} // namespace hiatus::wire
