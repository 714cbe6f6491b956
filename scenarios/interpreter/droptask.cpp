// drop: a connection is lost, in exactly the way the script says. closed: the target ends it.

#include "scenarios/interpreter/matcher.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"

namespace hiatus::run {

namespace {

class DropTask final : public Task
{
public:
    using Task::Task;

    Progress advance() override
    {
        Lane &lane = m_run.lane(drop().on());
        if (!m_hasBegun) {
            m_hasBegun = true;
            m_link = lane.current;
            begin(lane);
        }
        if (!m_link || m_link->isClosed || !m_waitsForClose)
            return end(lane);
        if (!isLate())
            return Progress::Waiting;
        if (m_isOwed)
            check(v1::CheckRecord::STILL_OPEN, "closed", "the target closes the connection", "it is still open");
        m_run.world().reset(m_link->id);
        return end(lane);
    }

private:
    const v1::DropStep &drop() const { return step().drop(); }

    void begin(Lane &lane)
    {
        if (!m_link)
            return;
        lane.left = drop().how();
        m_link->isDropped = true;
        m_lostAt = m_run.now();
        expectReply();
        switch (drop().how()) {
        case v1::RST: reset(lane); break;
        case v1::DISCONNECT:
        case v1::DISCONNECT_WITH_WILL:
            disconnect(lane);
            shutDown();
            break;
        case v1::KEEPALIVE: fallSilent(lane); break;
        case v1::TAKEOVER:
        case v1::HALF_OPEN: leave(lane); break;
        case v1::PROTOCOL_ERROR: breakProtocol(lane); break;
        case v1::FIN:
        default: shutDown(); break;
        }
    }

    void reset(Lane &)
    {
        if (!m_link->isClosed)
            m_run.world().reset(m_link->id);
    }

    void shutDown()
    {
        if (!m_link->isClosed)
            m_run.world().shutdown(m_link->id);
        m_waitsForClose = true;
    }

    void disconnect(Lane &lane)
    {
        v1::Packet packet;
        *packet.mutable_disconnect() = drop().disconnect();
        applySets(drop().set(), *packet.mutable_disconnect());
        if (drop().how() == v1::DISCONNECT_WITH_WILL)
            packet.mutable_disconnect()->set_code(0x04);
        if (packet.disconnect().has_session_expiry_interval())
            m_interval = packet.disconnect().session_expiry_interval();
        m_run.send(lane, packet, index());
    }

    /// The target owes a close at 1.5 times the keep alive [3.1.1 MQTT-3.1.2-24] [5.0 MQTT-3.1.2-22]; lateness has no
    /// stated bound, so only a long one counts.
    void fallSilent(Lane &lane)
    {
        lane.isSilent = true;
        const Milliseconds span(std::int64_t{lane.keepAlive()} * 1500);
        const Milliseconds planned(std::int64_t{lane.connect.keep_alive()} * 1500);
        if (span > planned && span > m_run.timing().silence)
            return m_run.lacks("short-intervals");
        m_run.takesLonger(std::max(Milliseconds(0), span - planned));
        m_deadline = m_link->lastSent + span + m_run.timing().grain + std::max(m_run.timing().lateLimitOf(span), m_run.timing().reply);
        m_waitsForClose = true;
        m_isOwed = true;
        m_isTimer = true;
    }

    void leave(Lane &lane)
    {
        lane.isSilent = true;
        lane.leftLabel = step().label();
        if (!m_link->isClosed)
            m_run.world().stopReading(m_link->id);
    }

    void breakProtocol(Lane &lane)
    {
        v1::Packet packet;
        *packet.mutable_connect() = lane.connect;
        m_run.send(lane, packet, index());
        m_waitsForClose = true;
        m_isOwed = true;
    }

    Progress end(Lane &lane)
    {
        lane.session->mayEndAt = sessionEnd(lane);
        m_run.dropped(lane, v1::Drop_Name(drop().how()));
        return Progress::Done;
    }

    /// When the session may lawfully end [5.0 section 3.1.2.11.2], as early as it can be: the target has seen the loss later than we made it.
    std::optional<Time> sessionEnd(const Lane &lane) const
    {
        constexpr std::uint32_t never = 0xFFFFFFFF;
        const std::uint32_t asked = lane.connect.session_expiry_interval();
        const std::uint32_t granted = lane.granted.has_session_expiry_interval() ? lane.granted.session_expiry_interval() : asked;
        const std::uint32_t interval = m_interval.value_or(granted);
        const bool isDisplaced = drop().how() == v1::TAKEOVER || drop().how() == v1::HALF_OPEN; // lost with the next CONNECT
        if (!m_link || lane.version != v1::V5 || isDisplaced || interval == never)
            return {};
        return (m_isOwed ? m_link->closedAt : m_lostAt) + Seconds(interval);
    }

    bool isParked() const override { return m_isTimer; }

    Link *m_link = nullptr;
    Time m_lostAt{};
    std::optional<std::uint32_t> m_interval; ///< as DISCONNECT said
    bool m_hasBegun = false;
    bool m_waitsForClose = false;
    bool m_isOwed = false;
    bool m_isTimer = false;
};

class ClosedTask final : public Task
{
public:
    using Task::Task;

    Progress advance() override
    {
        Lane &lane = m_run.lane(closed().on());
        if (!m_link)
            begin(lane);
        if (!m_link)
            return Progress::Ended;
        if (m_link->isClosed) {
            judgeDisconnect(lane);
            judgeTime();
            return Progress::Done;
        }
        if (!isLate())
            return Progress::Waiting;
        check(v1::CheckRecord::STILL_OPEN, "closed", "the target closes the connection", "it is still open");
        return Progress::Done;
    }

    bool isParked() const override { return closed().has_due(); }

private:
    const v1::Closed &closed() const { return step().closed(); }

    void begin(Lane &lane)
    {
        m_link = lane.current;
        if (closed().old()) {
            m_link = nullptr;
            for (const auto &link : lane.links) {
                if (link.get() != lane.current)
                    m_link = link.get();
            }
        }
        if (!m_link) {
            m_run.harnessError(m_planned.at.text() + ": lane " + lane.name() + " has no such connection");
            return;
        }
        m_link->isDropped = true;
        expectReply();
        if (!closed().has_due())
            return;
        const Interval interval = m_run.labels()[closed().due().since()];
        m_latest = interval.end + span() + m_run.timing().grain;
        m_deadline = m_latest + m_run.timing().lateLimitOf(span()) + m_run.timing().reply;
    }

    Milliseconds span() const
    {
        const auto &due = closed().due();
        const auto known = due.has_of() ? value(due.of()) : std::optional(std::to_string(due.seconds()));
        return Seconds(known ? std::stol(*known) : 0);
    }

    /// An early close is never wrong (A311-*, A5-35): only lateness is judged.
    void judgeTime()
    {
        if (!closed().has_due())
            return;
        if (m_link->closedAt > m_latest)
            check(v1::CheckRecord::LATE, "due", "a close " + std::to_string(span().count() / 1000) + " s after it",
                  std::to_string((m_link->closedAt - m_latest).count()) + " ms later than that");
    }

    void judgeDisconnect(Lane &lane)
    {
        v1::Packet pattern;
        pattern.mutable_disconnect();
        const Item *item = find(lane, pattern, {});
        if (!item)
            return;
        consume(*item);
        *pattern.mutable_disconnect() = closed().after();
        if (lane.version == v1::V5)
            compare(pattern, *item, {}, closed().within());
    }

    Link *m_link = nullptr;
    Time m_latest = Time::max();
};

} // namespace

TaskPointer makeDropTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<DropTask>(run, view, planned);
}

TaskPointer makeClosedTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<ClosedTask>(run, view, planned);
}

} // namespace hiatus::run
