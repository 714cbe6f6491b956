#include "minibroker/engine/publication.h"

namespace hiatus::broker {

namespace {

bool hasProperties(const v1::Publish &publish)
{
    return publish.has_payload_format_indicator() || publish.has_message_expiry_interval() ||
           publish.has_response_topic() || publish.has_correlation_data() || publish.has_content_type() ||
           publish.user_property_size() > 0;
}

std::unique_ptr<v1::Publish> propertiesOf(const v1::Publish &publish)
{
    auto properties = std::make_unique<v1::Publish>(publish);
    properties->clear_topic();
    properties->clear_payload();
    properties->clear_qos();
    properties->clear_retain();
    properties->clear_dup();
    properties->clear_packet_id();
    properties->clear_topic_alias();
    properties->clear_subscription_identifier();
    return properties;
}

v1::StoredMessage storedAs(const Publication &publication, std::uint32_t qos, bool retain)
{
    v1::StoredMessage result;
    publication.copyWithPropertiesTo(*result.mutable_publish());
    result.mutable_publish()->set_qos(qos);
    result.mutable_publish()->set_retain(retain);
    if (publication.expiresAt() != Time::max())
        result.set_expires_at(publication.expiresAt().time_since_epoch().count());
    return result;
}

} // namespace

Publication::Publication(const v1::Publish &publish, std::string_view topic, Time now)
{
    keep(publish, topic);
    if (publish.has_message_expiry_interval())
        m_expiresAt = now + Seconds(publish.message_expiry_interval());
}

Publication::Publication(const v1::StoredMessage &stored)
{
    keep(stored.publish(), stored.publish().topic());
    if (stored.has_expires_at())
        m_expiresAt = Time(Milliseconds(stored.expires_at()));
}

void Publication::keep(const v1::Publish &publish, std::string_view topic)
{
    m_text.reserve(topic.size() + publish.payload().size());
    m_text.append(topic).append(publish.payload());
    m_topicLength = static_cast<std::uint32_t>(topic.size());
    m_qos = static_cast<std::uint8_t>(publish.qos());
    m_retain = publish.retain();
    if (hasProperties(publish))
        m_properties = propertiesOf(publish);
}

void Publication::copyWithPropertiesTo(v1::Publish &publish) const
{
    if (m_properties)
        publish = *m_properties;
    copyTo(publish);
}

void Publication::copyTo(v1::Publish &publish) const
{
    publish.set_topic(topic().data(), topic().size());
    publish.set_payload(payload().data(), payload().size());
}

std::uint32_t remainingSeconds(Time expiresAt, Time now)
{
    return static_cast<std::uint32_t>(std::chrono::ceil<Seconds>(expiresAt - now).count());
}

v1::StoredMessage stored(const Message &message)
{
    auto result = storedAs(*message.publication, message.qos, message.retain);
    for (const auto identifier : message.identifiers)
        result.mutable_publish()->add_subscription_identifier(identifier);
    return result;
}

v1::StoredMessage stored(const Publication &publication)
{
    return storedAs(publication, publication.qos(), publication.retain());
}

Message message(const v1::StoredMessage &stored)
{
    Message result;
    result.publication = std::make_shared<const Publication>(stored);
    const auto &identifiers = stored.publish().subscription_identifier();
    result.identifiers.assign(identifiers.begin(), identifiers.end());
    result.qos = static_cast<std::uint8_t>(stored.publish().qos());
    result.retain = stored.publish().retain();
    return result;
}

} // namespace hiatus::broker
