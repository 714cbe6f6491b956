// accept: a broker lane takes the next connection of the client under test, reads its CONNECT and answers.

#include "scenarios/interpreter/matcher.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"

namespace hiatus::run {

namespace {

class AcceptTask final : public Task
{
public:
    using Task::Task;

    Progress advance() override
    {
        Lane &lane = m_run.lane(verb().on());
        if (m_deadline == Time::max())
            expectReply();
        if (!m_link) {
            if (lane.waiting.empty())
                return isLate() ? noConnection() : Progress::Waiting;
            m_link = lane.current = lane.waiting.front();
            lane.waiting.erase(lane.waiting.begin());
            lane.isConnected = false;
        }
        v1::Packet pattern;
        pattern.mutable_connect();
        const Item *item = find(lane, pattern, {});
        if (!item)
            return isLate() || m_link->isClosed ? missing(lane, "CONNECT") : Progress::Waiting;
        consume(*item);
        lane.connect = m_run.packetOf(*item).connect();
        *pattern.mutable_connect() = verb().expect();
        if (const auto named = m_run.lanes().find(verb().expect().client_id()); named != m_run.lanes().end())
            pattern.mutable_connect()->set_client_id(named->second.session->clientId);
        compare(pattern, *item, verb().absent(), verb().within());
        if (!verb().unanswered())
            answer(lane);
        return Progress::Done;
    }

private:
    const v1::Accept &verb() const { return step().accept(); }

    Progress noConnection()
    {
        check(v1::CheckRecord::MISSING, {}, "a connection from the client", "none for " + std::to_string(m_run.timing().reply.count()) + " ms");
        return Progress::Ended;
    }

    void answer(Lane &lane)
    {
        v1::Packet packet;
        v1::Connack &connack = *packet.mutable_connack();
        connack = verb().connack();
        connack.set_session_present(verb().session_present());
        applySets(verb().set(), connack);
        lane.granted = connack;
        m_run.send(lane, packet, index());
        lane.isConnected = connack.code() == 0;
    }

    Link *m_link = nullptr;
};

} // namespace

TaskPointer makeAcceptTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<AcceptTask>(run, view, planned);
}

} // namespace hiatus::run
