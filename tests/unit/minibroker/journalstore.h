#pragma once
// A store that lives as long as a test: applies journal entries, gives back what they amount to.

#include "minibroker/engine/journal.h"

#include <map>
#include <string>

namespace hiatus::broker {

class JournalStore
{
public:
    void apply(const journal::Entries &entries);
    /// In the order of client ids and topics; what has expired by `now` left out, as a snapshot does.
    v1::BrokerState state(Time now) const;

private:
    struct Row
    {
        v1::StoredMessage message;
        std::uint64_t order = 0; // 0: waiting
        PacketId packetId = 0;
        v1::Stage stage = v1::STAGE_UNSPECIFIED;
    };
    struct Kept
    {
        v1::ServerSession head;
        std::map<std::string, v1::Subscription> subscriptions;
        std::map<std::uint64_t, Row> messages;
        std::map<PacketId, v1::Received> received;
    };

    void apply(const journal::Cleared &);
    void apply(const journal::SessionPut &entry) { m_sessions[entry.session.client_id()].head = entry.session; }
    void apply(const journal::SessionRemoved &entry) { m_sessions.erase(entry.clientId); }
    void apply(const journal::SubscriptionPut &entry);
    void apply(const journal::SubscriptionRemoved &entry) { at(entry.clientId).subscriptions.erase(entry.filter); }
    void apply(const journal::MessageQueued &entry) { at(entry.clientId).messages[entry.sequence] = {entry.message}; }
    void apply(const journal::InflightPut &entry);
    void apply(const journal::MessageRemoved &entry) { at(entry.clientId).messages.erase(entry.sequence); }
    void apply(const journal::ReceivedPut &entry);
    void apply(const journal::ReceivedRemoved &entry) { at(entry.clientId).received.erase(entry.packetId); }
    void apply(const journal::RetainedPut &entry);
    void apply(const journal::RetainedRemoved &entry) { m_retained.erase(entry.topic); }

    Kept &at(const std::string &clientId) { return m_sessions.at(clientId); }
    static v1::ServerSession whole(const Kept &kept);

    std::map<std::string, Kept> m_sessions;
    std::map<std::string, v1::StoredMessage> m_retained;
};

} // namespace hiatus::broker
