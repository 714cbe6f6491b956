#include "client/engine/aliasing.h"

#include "proto/wire/encoder.h"

#include <iterator>

namespace hiatus::client {

namespace {

constexpr std::size_t AliasProperty = 3; // bytes

/// 0: none.
std::uint32_t aliasFor(const Context &c, const v1::Publish &publish)
{
    const std::uint32_t highest = c.link.limits.topicAliasMaximum;
    if (publish.topic_alias() > 0)
        return publish.topic_alias() <= highest ? publish.topic_alias() : 0;
    if (!c.options.topicAliases)
        return 0;
    const auto known = c.link.aliasesOut.find(publish.topic());
    if (known != c.link.aliasesOut.end())
        return known->second;
    return c.link.aliasesOut.size() < highest ? static_cast<std::uint32_t>(c.link.aliasesOut.size()) + 1 : 0;
}

bool fits(const Context &c, const v1::Publish &publish)
{
    if (!c.link.limits.maximumPacketSize)
        return true;
    v1::Packet packet;
    *packet.mutable_publish() = publish;
    return wire::encodedSize(packet, c.options.version) + AliasProperty <= *c.link.limits.maximumPacketSize;
}

/// An alias names one topic at a time.
void remember(Connection &link, const std::string &topic, std::uint32_t alias)
{
    for (auto it = link.aliasesOut.begin(); it != link.aliasesOut.end();)
        it = it->second == alias ? link.aliasesOut.erase(it) : std::next(it);
    link.aliasesOut[topic] = alias;
}

} // namespace

v1::Publish aliased(Context &c, v1::Publish publish)
{
    const std::uint32_t alias = c.isV5() ? aliasFor(c, publish) : 0;
    publish.clear_topic_alias();
    if (alias == 0 || !fits(c, publish))
        return publish;
    const auto known = c.link.aliasesOut.find(publish.topic());
    if (known != c.link.aliasesOut.end() && known->second == alias)
        publish.set_topic("");
    else
        remember(c.link, publish.topic(), alias);
    publish.set_topic_alias(alias);
    return publish;
}

std::optional<std::uint32_t> resolveAlias(Context &c, v1::Publish &publish)
{
    if (!publish.has_topic_alias())
        return publish.topic().empty() ? std::optional<std::uint32_t>(0x82) : std::nullopt;
    const std::uint32_t alias = publish.topic_alias();
    if (alias == 0 || alias > c.link.connect.topic_alias_maximum())
        return 0x94;
    publish.clear_topic_alias();
    if (!publish.topic().empty()) {
        c.link.aliasesIn[alias] = publish.topic();
        return std::nullopt;
    }
    const auto known = c.link.aliasesIn.find(alias);
    if (known == c.link.aliasesIn.end())
        return 0x82;
    publish.set_topic(known->second);
    return std::nullopt;
}

} // namespace hiatus::client
