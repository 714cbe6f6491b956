#pragma once
// One application message as published: immutable, shared by every queue it waits in.

#include "hiatus/v1/session.pb.h"
#include "proto/session/values.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hiatus::broker {

class Publication
{
public:
    /// What a client published, with its topic alias resolved.
    Publication(const v1::Publish &publish, std::string_view topic, Time now);
    /// What was stored; its own qos and retain are the effective ones.
    explicit Publication(const v1::StoredMessage &stored);

    std::string_view topic() const { return std::string_view(m_text).substr(0, m_topicLength); }
    std::string_view payload() const { return std::string_view(m_text).substr(m_topicLength); }
    std::uint32_t qos() const { return m_qos; }
    bool retain() const { return m_retain; }
    /// Time::max() if it never expires.
    Time expiresAt() const { return m_expiresAt; }
    bool isExpired(Time now) const { return now >= m_expiresAt; }

    /// Topic and payload.
    void copyTo(v1::Publish &publish) const;
    /// With the properties, the message expiry interval as published [5.0 MQTT-3.3.2-4] [5.0 MQTT-3.3.2-17].
    void copyWithPropertiesTo(v1::Publish &publish) const;

private:
    void keep(const v1::Publish &publish, std::string_view topic);

    std::string m_text;                              // topic and payload in one allocation
    std::unique_ptr<const v1::Publish> m_properties; // only where there are any
    Time m_expiresAt = Time::max();
    std::uint32_t m_topicLength = 0;
    std::uint8_t m_qos = 0;
    bool m_retain = false;
};

using PublicationPtr = std::shared_ptr<const Publication>;

/// One session's copy of a publication.
struct Message
{
    PublicationPtr publication;
    std::vector<std::uint32_t> identifiers; ///< of the subscriptions it answers to
    std::uint64_t sequence = 0;             ///< within the session, by arrival
    std::uint8_t qos = 0;                   ///< effective
    bool retain = false;                    ///< as it will be sent
    bool shared = false;                    ///< came through a shared subscription
};

/// Whole seconds left, at least 1, of a message that is not expired and expires [5.0 MQTT-3.3.2-6].
std::uint32_t remainingSeconds(Time expiresAt, Time now);

v1::StoredMessage stored(const Message &message);
v1::StoredMessage stored(const Publication &publication);
Message message(const v1::StoredMessage &stored);

} // namespace hiatus::broker
