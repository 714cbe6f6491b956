// take { stream }: numbered messages, over as many connections as it needs. First copies are judged for order, repeats
// for DUP and for being lawful at all.

#include "proto/wire/text.h"
#include "scenarios/interpreter/exchange.h"
#include "scenarios/interpreter/matcher.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"

#include <charconv>

namespace hiatus::run {

namespace {

/// The number behind "NAME/", or nothing.
std::optional<std::uint32_t> numberOf(const std::string &payload, const std::string &name)
{
    if (payload.size() <= name.size() + 1 || payload.compare(0, name.size(), name) != 0 || payload[name.size()] != '/')
        return std::nullopt;
    std::uint32_t number = 0;
    const char *end = payload.data() + payload.size();
    const auto [stop, error] = std::from_chars(payload.data() + name.size() + 1, end, number);
    return error == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

class StreamTask final : public Task
{
public:
    StreamTask(Run &run, View &view, const script::PlannedStep &planned, const v1::Expect &expect)
        : Task(run, view, planned), m_expect(expect)
    {
    }

    Progress advance() override
    {
        Lane &lane = m_run.lane(m_expect.on());
        if (m_deadline == Time::max())
            expectReply();
        bool hasMoved = true;
        while (hasMoved && !isComplete(lane)) {
            hasMoved = takeNext(lane);
            if (hasMoved)
                expectReply();
        }
        if (isComplete(lane))
            return Progress::Done;
        if (isLate() || !lane.current || lane.current->isClosed)
            return missing(lane, whatIsMissing(lane));
        return Progress::Waiting;
    }

private:
    const v1::Stream &stream() const { return m_expect.stream(); }
    StreamSeen &seen(Lane &lane) const { return lane.streams[stream().name()]; }

    bool isComplete(Lane &lane) const
    {
        const StreamSeen &state = seen(lane);
        if (stream().has_upto())
            return state.latest.size() >= stream().upto();
        if (state.latest.size() < m_run.published()[stream().name()])
            return false;
        for (const auto &[number, copy] : state.latest) {
            if (!copy.isFinished && lane.current && copy.link == lane.current->number)
                return false; // its PUBREL is still owed on this connection
        }
        return true;
    }

    bool takeNext(Lane &lane)
    {
        for (const auto &item : lane.inbox) {
            if (item.isLapsed || m_view.isConsumed(item.event))
                continue;
            const v1::Packet packet = m_run.packetOf(item);
            if (packet.has_publish()) {
                if (const auto number = numberOf(packet.publish().payload(), stream().name())) {
                    takeCopy(lane, item, packet.publish(), *number);
                    return true;
                }
            } else if (packet.has_pubrel() && release(lane, item, packet.pubrel())) {
                return true;
            }
        }
        return false;
    }

    void takeCopy(Lane &lane, const Item &item, const v1::Publish &publish, std::uint32_t number)
    {
        consume(item);
        StreamSeen &state = seen(lane);
        const auto earlier = state.latest.find(number);
        if (earlier == state.latest.end()) {
            if (stream().ordered() && number < state.highest)
                check(v1::CheckRecord::DISORDER, "order", "message " + std::to_string(number) + " before " + std::to_string(state.highest),
                      wire::text(m_run.packetOf(item), m_run.variant().version), item.event);
            state.highest = std::max(state.highest, number);
        } else {
            judgeRepeat(lane, item, publish, number, earlier->second);
        }
        acknowledge(lane, publish, number);
    }

    /// A repeat is lawful when the exchange of the earlier copy was cut; then it carries DUP and, for QoS 2, the same
    /// identifier.
    void judgeRepeat(const Lane &lane, const Item &item, const v1::Publish &publish, std::uint32_t number,
                     const StreamSeen::Copy &earlier)
    {
        const std::string text = wire::text(m_run.packetOf(item), m_run.variant().version);
        const bool isNewLink = earlier.link != lane.current->number;
        const bool isResend = isNewLink && (publish.qos() == 1 || (!earlier.isFinished && earlier.packetId == publish.packet_id()));
        const bool isOnce = stream().copies() == v1::Stream::ONCE;
        if (!isResend && (isOnce || publish.qos() == 2))
            check(v1::CheckRecord::DUPLICATE, "copies", "message " + std::to_string(number) + " once", text, item.event);
        else if (!publish.dup())
            check(v1::CheckRecord::NO_DUP, "dup", "DUP 1 on the second copy of message " + std::to_string(number), text, item.event);
    }

    void acknowledge(Lane &lane, const v1::Publish &publish, std::uint32_t number)
    {
        const auto id = static_cast<PacketId>(publish.packet_id());
        seen(lane).latest[number] = {id, lane.current->number, publish.qos() < 2};
        if (publish.qos() == 1)
            m_run.send(lane, ackPacket(v1::Packet::kPuback, id), index());
        else if (publish.qos() == 2)
            m_run.send(lane, ackPacket(v1::Packet::kPubrec, id), index());
    }

    /// PUBREL of one of the stream's messages, or of an exchange that an earlier connection had begun.
    bool release(Lane &lane, const Item &item, const v1::Ack &pubrel)
    {
        const auto id = static_cast<PacketId>(pubrel.packet_id());
        for (auto &[number, copy] : seen(lane).latest) {
            // A PUBCOMP written just before a cut is a race: the target may not have read it.
            const bool mayBeUnread = copy.isFinished && copy.link != lane.current->number;
            if (copy.packetId != id || (copy.isFinished && !mayBeUnread))
                continue;
            consume(item);
            copy.isFinished = true;
            m_run.send(lane, ackPacket(v1::Packet::kPubcomp, id), index());
            return true;
        }
        return false;
    }

    std::string whatIsMissing(Lane &lane) const
    {
        const StreamSeen &state = seen(lane);
        const std::uint32_t wanted = stream().has_upto() ? stream().upto() : m_run.published()[stream().name()];
        if (state.latest.size() >= wanted)
            return "PUBREL of every QoS 2 message of stream " + stream().name();
        std::string numbers;
        for (std::uint32_t number = 1; number <= m_run.published()[stream().name()] && numbers.size() < 60; ++number) {
            if (!state.latest.count(number))
                numbers += (numbers.empty() ? "" : ", ") + std::to_string(number);
        }
        return "PUBLISH of stream " + stream().name() + ": " + std::to_string(wanted) + " messages, " +
               std::to_string(state.latest.size()) + " came; missing " + numbers;
    }

    const v1::Expect &m_expect;
};

} // namespace

TaskPointer makeStreamTask(Run &run, View &view, const script::PlannedStep &planned, const v1::Expect &expect)
{
    return std::make_unique<StreamTask>(run, view, planned, expect);
}

} // namespace hiatus::run
