#include "journalstore.h"

namespace hiatus::broker {

void JournalStore::apply(const journal::Entries &entries)
{
    for (const auto &entry : entries)
        std::visit([this](const auto &one) { apply(one); }, entry);
}

void JournalStore::apply(const journal::Cleared &)
{
    m_sessions.clear();
    m_retained.clear();
}

void JournalStore::apply(const journal::SubscriptionPut &entry)
{
    at(entry.clientId).subscriptions[entry.subscription.filter().filter()] = entry.subscription;
}

void JournalStore::apply(const journal::InflightPut &entry)
{
    auto &row = at(entry.clientId).messages.at(entry.sequence);
    row.order = entry.order;
    row.packetId = entry.packetId;
    row.stage = entry.stage;
}

void JournalStore::apply(const journal::ReceivedPut &entry)
{
    at(entry.clientId).received[static_cast<PacketId>(entry.received.packet_id())] = entry.received;
}

void JournalStore::apply(const journal::RetainedPut &entry)
{
    m_retained[entry.message.publish().topic()] = entry.message;
}

v1::ServerSession JournalStore::whole(const Kept &kept)
{
    auto session = kept.head;
    std::map<std::uint64_t, const Row *> inflight;
    for (const auto &[filter, subscription] : kept.subscriptions)
        *session.add_subscription() = subscription;
    for (const auto &[sequence, row] : kept.messages) {
        if (row.order == 0)
            *session.add_pending() = row.message;
        else
            inflight[row.order] = &row;
    }
    for (const auto &[order, row] : inflight) {
        auto &entry = *session.add_inflight();
        entry.set_packet_id(row->packetId);
        entry.set_stage(row->stage);
        *entry.mutable_message() = row->message;
    }
    for (const auto &[id, received] : kept.received)
        *session.add_received() = received;
    return session;
}

v1::BrokerState JournalStore::state(Time now) const
{
    v1::BrokerState state;
    for (const auto &[id, kept] : m_sessions)
        *state.add_session() = whole(kept);
    for (const auto &[topic, message] : m_retained)
        if (!message.has_expires_at() || Time(Milliseconds(message.expires_at())) > now)
            *state.add_retained() = message;
    return state;
}

} // namespace hiatus::broker
