// take { stream }: numbered messages, over as many connections as it needs. First copies are judged for order, repeats
// for DUP and for being lawful at all. With `leave` their exchanges stay open; `one_by_one` ends one before it begins the next.

#include "scenarios/interpreter/exchange.h"
#include "scenarios/interpreter/matcher.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"

#include <algorithm>
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
        if (leaves() && m_ping == 0 && isAsFar(lane))
            ping(lane);
        return Progress::Waiting;
    }

private:
    const v1::Stream &stream() const { return m_expect.stream(); }
    StreamSeen &seen(Lane &lane) const { return lane.streams[stream().name()]; }
    /// Refused messages are done with: all come.
    bool leaves() const { return stream().leave() == v1::Stream::AT_PUBLISH || stream().leave() == v1::Stream::AT_PUBREL; }

    bool isComplete(Lane &lane) const
    {
        if (leaves())
            return m_ping != 0 && lane.pongsReceived >= m_ping && isAsFar(lane) && !hasMore(lane);
        if (isPausing(lane))
            return false;
        const StreamSeen &state = seen(lane);
        if (stream().has_upto())
            return state.latest.size() >= stream().upto();
        return state.latest.size() >= m_run.published()[stream().name()] &&
               std::all_of(state.latest.begin(), state.latest.end(), [](const auto &each) { return each.second.isFinished; });
    }

    /// `one_by_one`: the message before is not done with, or the PINGREQ after it is not answered.
    bool isPausing(const Lane &lane) const { return stream().one_by_one() && (m_open || lane.pongsReceived < m_ping); }

    /// An exchange has come to its end.
    void finished(Lane &lane, PacketId id)
    {
        if (m_open == id)
            m_open.reset();
        if (stream().one_by_one())
            ping(lane);
    }

    /// With `leave`: enough of them, and each as far as it shall come.
    bool isAsFar(Lane &lane) const
    {
        const StreamSeen &state = seen(lane);
        std::size_t here = 0;
        for (const auto &[number, copy] : state.latest) {
            if (copy.link != lane.current->number)
                continue;
            ++here;
            if (stream().leave() == v1::Stream::AT_PUBREL && !copy.isReleased)
                return false;
        }
        return here >= (stream().has_upto() ? stream().upto() : 1);
    }

    bool hasMore(Lane &lane) const
    {
        return std::any_of(lane.inbox.begin(), lane.inbox.end(), [&](const Item &item) {
            const v1::Packet packet = m_run.packetOf(item);
            return !item.isLapsed && !m_view.isConsumed(item.event) && numberOf(packet.publish().payload(), stream().name());
        });
    }

    void ping(Lane &lane)
    {
        v1::Packet packet;
        packet.mutable_pingreq();
        m_run.send(lane, packet, index());
        m_ping = ++lane.pingsSent;
        expectReply();
    }

    bool takeNext(Lane &lane)
    {
        for (const auto &item : lane.inbox) {
            if (item.isLapsed || m_view.isConsumed(item.event))
                continue;
            const v1::Packet packet = m_run.packetOf(item);
            if (packet.has_publish() && !isPausing(lane)) {
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
                      m_run.textOf(item.event), item.event);
            state.highest = std::max(state.highest, number);
        } else {
            judgeRepeat(lane, item, publish, number, earlier->second);
        }
        acknowledge(lane, publish, number);
    }

    /// A repeat is lawful when the exchange of the earlier copy was cut; then it carries DUP and the same identifier, and
    /// PUBREL has not been sent yet.
    void judgeRepeat(const Lane &lane, const Item &item, const v1::Publish &publish, std::uint32_t number,
                     const StreamSeen::Copy &earlier)
    {
        const std::string text = m_run.textOf(item.event);
        const bool isNewLink = earlier.link != lane.current->number;
        const bool isSameId = earlier.packetId == publish.packet_id();
        const bool isBegun = publish.qos() == 2 && (earlier.isReleased || !isSameId);
        const bool isResend = isNewLink && !isBegun;
        const bool isFree = publish.qos() == 1 && lane.version == v1::V3; // 3.1.1 lets QoS 1 be sent again at any time, with DUP
        const bool isOnce = stream().copies() == v1::Stream::ONCE && !isFree;
        if (!isResend && (isOnce || publish.qos() == 2))
            check(v1::CheckRecord::DUPLICATE, "copies", "message " + std::to_string(number) + " once", text, item.event);
        else if (!publish.dup())
            check(v1::CheckRecord::NO_DUP, "dup", "DUP 1 on the second copy of message " + std::to_string(number), text, item.event);
        else if (isNewLink && !isSameId)
            check(v1::CheckRecord::MISMATCH, "packet_id", std::to_string(earlier.packetId), std::to_string(publish.packet_id()), item.event);
    }

    void acknowledge(Lane &lane, const v1::Publish &publish, std::uint32_t number)
    {
        const auto id = static_cast<PacketId>(publish.packet_id());
        const bool isRefused = stream().leave() == v1::Stream::REFUSED;
        const bool isLeft = stream().leave() == v1::Stream::AT_PUBLISH;
        const bool isFinished = !isLeft && (publish.qos() < 2 || isRefused);
        seen(lane).latest[number] = {id, lane.current->number, publish.qos(), false, isFinished};
        if (isLeft || publish.qos() == 0)
            return;
        auto packet = ackPacket(publish.qos() == 1 ? v1::Packet::kPuback : v1::Packet::kPubrec, id);
        if (isRefused)
            (publish.qos() == 1 ? packet.mutable_puback() : packet.mutable_pubrec())->set_code(0x83);
        m_run.send(lane, packet, index());
        if (isFinished)
            finished(lane, id);
        else
            m_open = id;
    }

    /// PUBREL of one of the stream's messages, or of an exchange that an earlier connection had begun.
    bool release(Lane &lane, const Item &item, const v1::Ack &pubrel)
    {
        const auto id = static_cast<PacketId>(pubrel.packet_id());
        for (auto &[number, copy] : seen(lane).latest) {
            // A PUBCOMP written just before a cut is a race: the target may not have read it.
            const bool mayBeUnread = copy.isFinished && copy.link != lane.current->number;
            if (copy.qos != 2 || copy.packetId != id || (copy.isFinished && !mayBeUnread))
                continue;
            consume(item);
            copy.isReleased = true;
            copy.link = lane.current->number;
            if (stream().leave() == v1::Stream::AT_PUBREL)
                return true;
            copy.isFinished = true;
            m_run.send(lane, ackPacket(v1::Packet::kPubcomp, id), index());
            finished(lane, id);
            return true;
        }
        return false;
    }

    std::string whatIsMissing(Lane &lane) const
    {
        const StreamSeen &state = seen(lane);
        const bool hasCopies = leaves() && !state.latest.empty();
        const std::uint32_t wanted = stream().has_upto() ? stream().upto() : m_run.published()[stream().name()];
        if (hasCopies || state.latest.size() >= wanted)
            return whatIsOpen(lane);
        std::string numbers;
        for (std::uint32_t number = 1; number <= m_run.published()[stream().name()] && numbers.size() < 60; ++number) {
            if (!state.latest.count(number))
                numbers += (numbers.empty() ? "" : ", ") + std::to_string(number);
        }
        return "PUBLISH of stream " + stream().name() + ": " + std::to_string(wanted) + " messages, " +
               std::to_string(state.latest.size()) + " came; missing " + numbers;
    }

    /// All have come, and something of them is owed still.
    std::string whatIsOpen(Lane &lane) const
    {
        for (const auto &[number, copy] : seen(lane).latest) {
            const bool isHere = lane.current && copy.link == lane.current->number;
            const bool hasPubrec = copy.qos == 2 && (copy.isReleased || isHere);
            if (!copy.isFinished && !(leaves() && copy.isReleased))
                return std::string(hasPubrec ? "PUBREL" : "PUBLISH") + " of message " + std::to_string(number) + " of stream " + stream().name();
        }
        return "PINGRESP after stream " + stream().name();
    }

    const v1::Expect &m_expect;
    std::uint64_t m_ping = 0; ///< the last of our own; with `leave`, what has not come before its answer does not come now
    std::optional<PacketId> m_open; ///< of the message begun last, while its exchange goes on
};

} // namespace

TaskPointer makeStreamTask(Run &run, View &view, const script::PlannedStep &planned, const v1::Expect &expect)
{
    return std::make_unique<StreamTask>(run, view, planned, expect);
}

} // namespace hiatus::run
