#include "tests/mutants/sweep/mutatingbroker.h"

#include "proto/wire/encoder.h"

namespace hiatus::sweep {

MutatingBroker::MutatingBroker(std::unique_ptr<broker::Broker> inner, const Mutation &mutation, v1::Version version, std::atomic<std::size_t> &touched)
    : Decorator(std::move(inner)), m_mutation(mutation), m_only(version), m_touched(touched)
{
}

/// What a version does not put on the wire is no change.
Fate MutatingBroker::change(LinkId link, v1::Packet &packet, Way way, v1::Version version)
{
    if (version != m_only || m_mutation.way != way || packet.kind_case() != m_mutation.kind)
        return Fate::Untouched;
    const auto resumed = m_isResumed.find(link);
    if (m_mutation.when != When::Always) {
        if (resumed == m_isResumed.end() || resumed->second != (m_mutation.when == When::Resumed))
            return Fate::Untouched;
    }
    const std::string before = wire::encode(packet, version);
    const Fate fate = m_mutation.apply(packet);
    if (fate == Fate::Untouched || (fate == Fate::Altered && wire::encode(packet, version) == before))
        return Fate::Untouched;
    ++m_touched;
    return fate;
}

broker::Actions MutatingBroker::received(LinkId link, const v1::Packet &packet, Time now)
{
    if (packet.has_connect())
        m_version[link] = packet.connect().protocol_level() == 5 ? v1::V5 : v1::V3;
    v1::Packet changed = packet;
    if (change(link, changed, Way::ToBroker, m_version[link]) == Fate::Dropped)
        return {};
    return Decorator::received(link, changed, now);
}

broker::Actions MutatingBroker::pass(broker::Actions actions, Time)
{
    broker::Actions out;
    for (auto &action : actions) {
        auto *send = std::get_if<broker::SendAction>(&action);
        if (!send) {
            out.push_back(std::move(action));
            continue;
        }
        if (send->packet.has_connack())
            m_isResumed[send->link] = send->packet.connack().session_present();
        const Fate fate = change(send->link, send->packet, Way::FromBroker, send->version);
        if (fate == Fate::Dropped)
            continue;
        if (fate == Fate::Doubled)
            out.push_back(action);
        out.push_back(std::move(action));
    }
    return out;
}

} // namespace hiatus::sweep
