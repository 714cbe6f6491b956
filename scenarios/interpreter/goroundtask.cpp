// go_round: messages come and go until the target's packet identifiers have come round past those that are held.

#include "scenarios/interpreter/exchange.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"

#include <algorithm>
#include <map>
#include <set>

namespace hiatus::run {

namespace {

constexpr std::uint32_t most = 65'540; ///< all identifiers, and a few more: who has not come round by then has held none back
constexpr std::uint32_t ahead = 50;    ///< messages under way at most: no queue grows
constexpr Milliseconds trial{5'000};   ///< after this it is clear whether the pace will do

class GoRoundTask final : public Task
{
public:
    using Task::Task;
    ~GoRoundTask() override { listen(nullptr, nullptr); }

    Progress advance() override
    {
        if (m_deadline == Time::max() && !begin())
            return Progress::Ended;
        takeUneventful();
        if (const Item *taken = takenTwice())
            return collision(*taken);
        if (m_refusal)
            return tooMany("PUBACK code " + std::to_string(*m_refusal) + " after " + std::to_string(m_sent) + " messages");
        if (isTooSlow())
            return tooMany(std::to_string(m_received) + " messages in " + std::to_string((m_run.now() - m_began).count()) + " ms");
        while (mayPublish())
            publishNext();
        if (isEverythingHome())
            return finish();
        for (Lane *lane : {&receiver(), &publisher()}) {
            if (!lane->current || lane->current->isClosed || isLate())
                return stop(*lane);
        }
        return Progress::Waiting;
    }

private:
    const v1::GoRound &verb() const { return step().go_round(); }
    Lane &receiver() const { return m_run.lane(verb().on()); }
    Lane &publisher() const { return m_run.lane(verb().from()); }

    bool begin()
    {
        for (const std::string &name : verb().past()) {
            if (const auto id = symbol(receiver(), name))
                m_past[*id] = name;
        }
        if (!receiver().current || !publisher().current) {
            missing(receiver(), "a connection for messages to come and go on");
            return false;
        }
        m_began = m_run.now();
        listen([this](const v1::Packet &packet) { return isPassing(packet); }, [this](const v1::Packet &packet) { return isAnswer(packet); });
        expectReply();
        return true;
    }

    void listen(std::function<bool(const v1::Packet &)> received, std::function<bool(const v1::Packet &)> answered) const
    {
        receiver().passing = std::move(received);
        publisher().passing = std::move(answered);
    }

    static std::string payloadOf(std::uint32_t number) { return "round/" + std::to_string(number); }

    /// The next message, as it should be: it is acknowledged, and leaves no event.
    bool isPassing(const v1::Packet &packet)
    {
        const v1::Publish &publish = packet.publish();
        const auto id = static_cast<PacketId>(publish.packet_id());
        const bool isNext = packet.has_publish() && publish.qos() == 1 && !publish.dup() && publish.payload() == payloadOf(m_received + 1);
        if (!isNext || m_past.count(id)) {
            tellSoFar(); // what is kept comes after it
            return false;
        }
        ++m_received;
        if (m_firstId == 0)
            m_firstId = id;
        else
            m_isFirstUsedAgain = m_isFirstUsedAgain || id == m_firstId;
        m_highest = std::max<std::uint32_t>(m_highest, id);
        m_run.sendUnseen(receiver(), ackPacket(v1::Packet::kPuback, id));
        expectReply();
        return true;
    }

    bool isAnswer(const v1::Packet &packet)
    {
        const auto id = static_cast<PacketId>(packet.puback().packet_id());
        if (!packet.has_puback() || m_open.erase(id) == 0)
            return false;
        publisher().session->open.erase(id);
        if (packet.puback().code() >= 0x80)
            m_refusal = packet.puback().code();
        expectReply();
        return true;
    }

    bool hasComeRound() const { return m_isFirstUsedAgain && m_received >= m_highest; }
    bool isOver() const { return hasComeRound() || m_sent >= most; }

    /// A line far away, or a target that takes its time.
    bool isTooSlow() const
    {
        const Milliseconds passed = m_run.now() - m_began;
        const double expected = static_cast<double>(passed.count()) / std::max(1u, m_received) * most;
        return !isOver() && passed >= trial && expected > static_cast<double>((m_run.timing().reply * Timing::roundReplies).count());
    }

    bool mayPublish() const
    {
        const Lane &from = publisher();
        const std::uint32_t granted = from.granted.has_receive_maximum() ? std::max(1u, from.granted.receive_maximum()) : ahead;
        const std::size_t window = std::min(ahead, granted);
        return !isOver() && from.current && !from.current->isClosed && m_open.size() < window && m_sent - m_received < window;
    }

    void publishNext()
    {
        v1::Packet packet;
        const PacketId id = m_run.newPacketId(publisher());
        m_open.insert(id);
        packet.mutable_publish()->set_topic(verb().topic());
        packet.mutable_publish()->set_qos(1);
        packet.mutable_publish()->set_packet_id(id);
        packet.mutable_publish()->set_payload(payloadOf(++m_sent));
        m_run.publishedQos()[publisher().name() + " " + verb().topic()] = 1;
        m_run.sendUnseen(publisher(), packet);
    }

    /// A message of ours that did not come as it should, and holds no identifier that is taken: what is wrong with it is for the
    /// monitors to say. It is acknowledged, so that the others come.
    void takeUneventful()
    {
        for (const Item &item : receiver().inbox) {
            if (!isOurs(item) || isTaken(item))
                continue;
            consume(item);
            const v1::Publish publish = m_run.packetOf(item).publish();
            if (publish.qos() == 1)
                m_run.send(receiver(), ackPacket(v1::Packet::kPuback, static_cast<PacketId>(publish.packet_id())), index());
            if (!publish.dup())
                ++m_received;
            expectReply();
        }
    }

    bool isOurs(const Item &item) const
    {
        const v1::Packet &packet = m_run.packetOf(item);
        return !item.isLapsed && !m_view.isConsumed(item.event) && packet.publish().payload().rfind("round/", 0) == 0;
    }
    bool isTaken(const Item &item) const { return m_past.count(static_cast<PacketId>(m_run.packetOf(item).publish().packet_id())) > 0; }

    const Item *takenTwice() const
    {
        const auto &inbox = receiver().inbox;
        const auto found = std::find_if(inbox.begin(), inbox.end(), [this](const Item &item) { return isOurs(item) && isTaken(item); });
        return found == inbox.end() ? nullptr : &*found;
    }

    Progress collision(const Item &item)
    {
        const auto id = static_cast<PacketId>(m_run.packetOf(item).publish().packet_id());
        listen(nullptr, nullptr);
        consume(item);
        check(v1::CheckRecord::MISMATCH, "packet_id", "an identifier that no message in flight has", std::to_string(id) + ", which " + m_past[id] + " has", item.event);
        return Progress::Ended;
    }

    /// Lawful: it takes no more of them, or not so many in a time that anybody waits.
    Progress tooMany(const std::string &what)
    {
        stopListening();
        m_run.note(&receiver(), v1::TraceEvent::PASSED_BY, "too many for it: " + what);
        m_run.lacks("many-messages");
        return Progress::Ended;
    }

    bool isEverythingHome() const { return isOver() && m_open.empty() && m_received >= m_sent; }

    Progress finish()
    {
        stopListening();
        return Progress::Done;
    }

    Progress stop(const Lane &lane)
    {
        stopListening();
        if (m_received >= m_sent && !m_open.empty()) {
            check(v1::CheckRecord::MISSING, "puback", "PUBACK id=" + std::to_string(*m_open.begin()), "nothing came on " + lane.name());
            return Progress::Ended;
        }
        return missing(lane, "PUBLISH " + payloadOf(m_received + 1) + " to " + verb().topic());
    }

    void stopListening()
    {
        tellSoFar();
        listen(nullptr, nullptr);
    }

    void tellSoFar()
    {
        if (m_received == m_told)
            return;
        m_run.note(&receiver(), v1::TraceEvent::PASSED_BY,
                   std::to_string(m_received - m_told) + " messages from " + verb().from() + ", acknowledged; identifiers up to " + std::to_string(m_highest) +
                       (m_isFirstUsedAgain ? ", then from the first (" + std::to_string(m_firstId) + ") again" : ""));
        m_told = m_received;
    }

    std::map<PacketId, std::string> m_past; ///< identifiers that are held, and their symbols
    std::set<PacketId> m_open; ///< the publisher's
    std::uint32_t m_sent = 0;
    std::uint32_t m_received = 0;
    std::uint32_t m_told = 0; ///< of those received: by a line of the trace
    PacketId m_firstId = 0;
    bool m_isFirstUsedAgain = false;
    std::uint32_t m_highest = 0;
    std::optional<std::uint32_t> m_refusal; ///< reason code of a PUBACK
    Time m_began{};
};

} // namespace

TaskPointer makeGoRoundTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<GoRoundTask>(run, view, planned);
}

} // namespace hiatus::run
