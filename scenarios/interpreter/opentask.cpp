// open: a network connection, CONNECT, CONNACK.

#include "scenarios/interpreter/matcher.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"

namespace hiatus::run {

namespace {

class OpenTask final : public Task
{
public:
    using Task::Task;

    Progress advance() override
    {
        Lane &lane = m_run.lane(open().on());
        if (!m_link)
            begin(lane);
        if (!m_isSent) {
            if (m_link->isClosed || isLate())
                return unreachable();
            if (!m_link->isOpen)
                return Progress::Waiting;
            sendConnect(lane);
            if (open().upto_sent())
                return Progress::Done;
        }
        v1::Packet pattern;
        *pattern.mutable_connack() = open().expect();
        if (const Item *item = find(lane, pattern, {}))
            return answered(lane, *item);
        if (m_link->isClosed && open().maybe_refused())
            return Progress::Done;
        if (m_link->isClosed && isIdInQuestion(lane))
            return refusedId();
        if (m_link->isClosed || isLate())
            return missing(lane, "CONNACK");
        return Progress::Waiting;
    }

private:
    const v1::Open &open() const { return step().open(); }

    void begin(Lane &lane)
    {
        m_old = lane.current && !lane.current->isClosed ? lane.current : nullptr;
        m_isRead = lane.left == v1::TAKEOVER;
        m_link = &m_run.openLink(lane, open().endpoint());
        lane.isSilent = false;
        lane.sentinels.clear();
        for (auto &item : lane.inbox)
            item.isLapsed = true;
        // The world gives up a connection by itself; until then it may have to wait for a place.
        m_deadline = m_run.now() + m_run.timing().reply + Milliseconds(20'000) + m_run.timing().queueing;
    }

    Progress unreachable()
    {
        check(v1::CheckRecord::REFUSED, {}, "a network connection", m_link->why.empty() ? "none in time" : m_link->why);
        return Progress::Ended;
    }

    void sendConnect(Lane &lane)
    {
        const bool isKept = lane.script.has_keep_for();
        v1::Connect connect = lane.script.connect();
        connect.MergeFrom(open().connect());
        connect.set_clean(open().has_clean() ? open().clean() : !isKept);
        if (lane.version == v1::V5 && isKept && !connect.has_session_expiry_interval())
            connect.set_session_expiry_interval(lane.script.keep_for());
        applySets(open().set(), connect);
        if (!connect.has_client_id())
            connect.set_client_id(lane.session->clientId);
        else if (!connect.client_id().empty() && !isBound(open().set()))
            connect.set_client_id(m_run.scope().clientId(connect.client_id()));
        if (!connect.has_user_name())
            fillIn(m_run.account(open().account()), connect);
        v1::Packet packet;
        *packet.mutable_connect() = connect;
        m_run.send(lane, packet, index());
        lane.connect = connect;
        lane.session->accounts.insert(open().account());
        lane.granted.Clear();
        m_isSent = true;
        expectReply();
    }

    /// A client id taken from a name (an assigned one) is already the target's own spelling.
    static bool isBound(const google::protobuf::RepeatedPtrField<v1::Set> &sets)
    {
        for (const auto &set : sets) {
            if (set.field() == "client_id")
                return true;
        }
        return false;
    }

    /// One that it has taken once it cannot refuse.
    static bool isIdInQuestion(const Lane &lane) { return lane.script.has_client_id() && lane.links.size() == 1; }

    /// A server need not take every client id: those of 0-9a-zA-Z and up to 23 bytes [MQTT-3.1.3-5].
    Progress refusedId()
    {
        m_run.lacks("any-client-id");
        return Progress::Ended;
    }

    Progress answered(Lane &lane, const Item &item)
    {
        if (isUntold(lane, item)) {
            m_run.takeForPresent(item);
            check(v1::CheckRecord::MET, "session_present", "true", "false", item.event);
        }
        const v1::Connack connack = m_run.packetOf(item).connack();
        const v1::Packet packet = m_run.packetOf(item);
        v1::Packet pattern;
        *pattern.mutable_connack() = open().expect();
        if (open().has_session_present())
            pattern.mutable_connack()->set_session_present(open().session_present());
        const bool isRefused = connack.code() != 0;
        if (isRefused && isIdInQuestion(lane))
            return refusedId();
        if (isRefused && !open().expect().has_code() && !open().maybe_refused() && open().within().empty()) {
            consume(item);
            check(v1::CheckRecord::REFUSED, "code", "CONNACK code=0x00", m_run.textOf(item.event), item.event);
            return Progress::Ended;
        }
        consume(item);
        if (open().session_present() && !connack.session_present() && !isRefused && isTooLate(lane, item))
            return Progress::Ended;
        compare(pattern, item, open().absent(), open().within());
        bindFields(open().bind(), packet);
        lane.granted = connack;
        lane.isConnected = !isRefused;
        if (!connack.session_present() && !isRefused)
            lane.session->open.clear();
        if (m_old)
            takeOver(lane);
        return Progress::Done;
    }

    /// `session_present: true` wants the session to go on; `expect { session_present: true }` wants to be told.
    bool isUntold(const Lane &lane, const Item &item) const
    {
        const v1::Connack &connack = m_run.packetOf(item).connack();
        return m_run.isSessionUntold() && lane.version == v1::V3 && open().session_present() && connack.code() == 0 && !connack.session_present();
    }

    /// A target that answers when the session's interval has passed may have looked after its end: nothing can be told.
    bool isTooLate(const Lane &lane, const Item &item)
    {
        const auto &end = lane.session->mayEndAt;
        if (!end || item.at < *end)
            return false;
        checkSetup(v1::CheckRecord::DOWNGRADED, "session_present", "an answer before the session may end",
                   "one " + std::to_string((item.at - *end).count()) + " ms after that", item.event);
        return true;
    }

    /// The old connection ended somewhere between its drop and now. A taken-over link is read again: what piled up there
    /// is on record, and its close can be seen; a half-open one stays as it is.
    void takeOver(Lane &lane)
    {
        const auto label = m_run.labels().find(lane.leftLabel);
        if (label != m_run.labels().end())
            label->second.end = m_run.now();
        lane.leftLabel.clear();
        if (m_isRead)
            m_run.world().resumeReading(m_old->id);
    }

    Link *m_link = nullptr;
    Link *m_old = nullptr;
    bool m_isRead = false;
    bool m_isSent = false;
};

} // namespace

TaskPointer makeOpenTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<OpenTask>(run, view, planned);
}

} // namespace hiatus::run
