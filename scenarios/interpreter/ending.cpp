// How a run ends: a last PINGREQ, what nobody asked for, and the sessions it leaves on the target.

#include "scenarios/interpreter/run.h"

#include "proto/wire/encoder.h"

#include <algorithm>
#include <tuple>

namespace hiatus::run {

/// A last PINGREQ on every connected lane brings out what the target still had to say there.
void Run::beginLastPings()
{
    m_phase = Phase::LastPings;
    m_phaseDeadline = now() + timing().reply;
    for (auto &[name, lane] : m_lanes) {
        if (!m_trace.complete() || lane.party() != v1::MQTT_CLIENT || !lane.isConnected || lane.isSilent)
            continue;
        ping(lane);
    }
}

bool Run::lastPingsDone()
{
    return now() >= m_phaseDeadline || !m_trace.complete() ||
           std::all_of(m_lanes.begin(), m_lanes.end(), [](const auto &entry) {
               const Lane &lane = entry.second;
               return !lane.isConnected || lane.isSilent || lane.pongsReceived >= lane.pingsSent;
           });
}

void Run::chargeLeftovers()
{
    for (auto &[name, lane] : m_lanes) {
        for (const auto &item : lane.inbox) {
            if (item.isLapsed || m_view.isConsumed(item.event) || isExcused(m_view, lane, item))
                continue;
            v1::CheckRecord record;
            record.set_outcome(v1::CheckRecord::SURPLUS);
            record.set_event(item.event);
            record.set_field("surplus");
            if (lane.lastFence)
                record.set_step(*lane.lastFence);
            record.set_expected("nothing more on lane " + name);
            record.set_actual(textOf(item.event));
            m_view.record(record);
        }
    }
}

/// Ends every session that the run made and that would outlive it.
void Run::beginCleanup()
{
    m_phase = Phase::CleaningUp;
    m_phaseDeadline = now() + timing().reply + timing().queueing;
    for (auto &[id, place] : m_links) {
        if (!place.second->isClosed)
            m_world.reset(id);
    }
    if (!m_options.cleansUp)
        return;
    std::set<std::tuple<std::string, std::uint32_t, v1::Version>> clients; // and whose they may be
    for (const auto &[name, lane] : m_lanes) {
        if (lane.party() != v1::MQTT_CLIENT)
            continue;
        for (const std::uint32_t number : lane.session->accounts)
            clients.insert({lane.session->clientId, number, lane.version});
    }
    for (const auto &[clientId, number, version] : clients) {
        v1::Packet connect;
        connect.mutable_connect()->set_client_id(clientId);
        connect.mutable_connect()->set_clean(true);
        fillIn(account(number), *connect.mutable_connect());
        v1::Packet disconnect;
        disconnect.mutable_disconnect();
        const LinkId link = m_world.connect(0);
        m_cleanup[link] = false;
        m_world.write(link, wire::encode(connect, version));
        m_world.write(link, wire::encode(disconnect, version));
    }
}

bool Run::cleanupDone()
{
    std::vector<LinkId> answered;
    for (const auto &[link, isAnswered] : m_cleanup) {
        if (isAnswered || now() >= m_phaseDeadline)
            answered.push_back(link);
    }
    for (const LinkId link : answered) {
        m_cleanup.erase(link);
        m_world.shutdown(link);
    }
    return m_cleanup.empty();
}

} // namespace hiatus::run
