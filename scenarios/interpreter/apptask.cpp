// app: commands to a client, and what its application saw.

#include "scenarios/interpreter/matcher.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"
#include "scenarios/script/appsetup.h"

#include <algorithm>
#include <utility>

namespace hiatus::run {

namespace {

bool hasBrokerLane(Run &run) { return script::playsBroker(run.variant()); }

} // namespace

bool startApp(Run &run, Lane &lane)
{
    if (lane.app)
        return true;
    const bool toLanes = hasBrokerLane(run);
    v1::Setup setup = script::setupOf(run.variant(), lane.name());
    if (lane.script.stored())
        setup.set_store("session-" + lane.session->clientId);
    const world::AppId id = (!toLanes || run.world().listen()) ? run.world().startClient(setup, lane.script.ours(), toLanes) : 0;
    if (id == 0) {
        run.harnessError("this target has no client under test for lane " + lane.name());
        return false;
    }
    lane.app.emplace();
    lane.app->id = id;
    return true;
}

namespace {

constexpr Milliseconds StartPatience(10'000); ///< until an adapter process has answered its setup

/// A command, and what has to be seen after it.
class AppTask final : public Task
{
public:
    using Task::Task;

    Progress advance() override
    {
        Lane &lane = m_run.lane(verb().on());
        if (!m_hasBegun) {
            m_hasBegun = true;
            if (!startApp(m_run, lane))
                return Progress::Ended;
            m_deadline = m_run.now() + StartPatience;
        }
        if (!m_isReady) {
            if (!m_run.world().isReady(lane.app->id))
                return isLate() ? neverStarted(lane) : Progress::Waiting;
            m_isReady = true;
            expectReply();
        }
        if (!m_hasCommanded) {
            if ((verb().has_subscribe() || verb().has_unsubscribe()) && !isConnected(lane))
                return isLate() ? gone("the client is connected", "not so") : Progress::Waiting;
            if (verb().has_connect() && isBusy(lane))
                return isLate() ? gone("the client notices that its connection is lost", "no such event") : Progress::Waiting;
            if (verb().has_acknowledge() && mayComeAgain(lane))
                return Progress::Waiting;
            m_hasCommanded = true;
            m_from = lane.app->events.size();
            expectReply();
            begin(lane);
        }
        return look(lane);
    }

private:
    const v1::App &verb() const { return step().app(); }

    Progress neverStarted(const Lane &lane)
    {
        m_run.harnessError("client " + lane.name() + ": the adapter has not answered `setup` within " + std::to_string(StartPatience.count() / 1'000) + " s");
        return Progress::Ended;
    }

    void begin(Lane &lane)
    {
        switch (verb().do_case()) {
        case v1::App::kConnect: connect(lane); break;
        case v1::App::kPublish: publish(lane); break;
        case v1::App::kSubscribe: subscribe(lane); break;
        case v1::App::kUnsubscribe: unsubscribe(); break;
        case v1::App::kAcknowledge: acknowledge(lane); break;
        case v1::App::kSave: command(lane).mutable_save(); break;
        case v1::App::kRestore: command(lane).mutable_restore()->set_state(lane.app->saved); break;
        case v1::App::kRestart:
            lane.app->connects = 0;
            command(lane).mutable_restart();
            break;
        case v1::App::kDisconnect: *command(lane).mutable_disconnect() = verb().disconnect().with(); break;
        default: break;
        }
        if (m_command.what_case() != v1::ClientCommand::WHAT_NOT_SET)
            m_run.command(lane, m_command);
    }

    v1::ClientCommand &command(Lane &) { return m_command; }

    /// Has it an earlier connection whose end it has not told of?
    static bool isBusy(const Lane &lane)
    {
        const auto ends = std::count_if(lane.app->events.begin(), lane.app->events.end(), [](const auto &event) { return event.has_disconnected(); });
        return lane.app->connects > static_cast<std::size_t>(ends);
    }

    static bool isConnected(const Lane &lane)
    {
        for (auto event = lane.app->events.rbegin(); event != lane.app->events.rend(); ++event) {
            if (event->has_connected() || event->has_disconnected())
                return event->has_connected();
        }
        return false;
    }

    void connect(Lane &lane)
    {
        const auto &app = verb().connect();
        const bool isKept = lane.script.has_keep_for();
        v1::Connect connect = lane.script.connect();
        connect.MergeFrom(app.connect());
        connect.set_clean(app.has_clean() ? app.clean() : !isKept);
        if (m_run.variant().version == v1::V5 && isKept && !connect.has_session_expiry_interval())
            connect.set_session_expiry_interval(lane.script.keep_for());
        if (!connect.has_client_id())
            connect.set_client_id(lane.session->clientId);
        m_run.scope().outward(connect);
        ++lane.app->connects;
        *m_command.mutable_connect()->mutable_connect() = connect;
    }

    void publish(Lane &lane)
    {
        const auto &app = verb().publish();
        const std::uint32_t times = app.has_stream() ? std::max(1u, app.count()) : 1;
        for (std::uint32_t i = 0; i < times; ++i) {
            v1::Publish publish = app.with();
            publish.set_topic(app.topic());
            publish.set_qos(app.qos());
            publish.set_payload(app.has_stream() ? app.stream() + "/" + std::to_string(++m_run.published()[app.stream()]) : app.payload());
            if (app.has_retain())
                publish.set_retain(app.retain());
            m_run.scope().outward(publish);
            v1::ClientCommand each;
            *each.mutable_publish()->mutable_publish() = publish;
            m_run.command(lane, each);
        }
    }

    void subscribe(Lane &)
    {
        const auto &app = verb().subscribe();
        auto *filter = m_command.mutable_subscribe()->add_filter();
        filter->set_filter(app.filter());
        filter->set_qos(app.qos());
        m_run.scope().outward(*m_command.mutable_subscribe());
    }

    void unsubscribe()
    {
        *m_command.mutable_unsubscribe()->mutable_filter() = verb().unsubscribe().filter();
        m_run.scope().outward(*m_command.mutable_unsubscribe());
    }

    /// The oldest delivery since the last disconnect that is not acknowledged, and the oldest of all; 0: none.
    std::pair<std::uint64_t, std::uint64_t> unacknowledged(const Lane &lane) const
    {
        std::uint64_t present = 0, oldest = 0;
        for (const auto &event : lane.app->events) {
            if (event.has_disconnected())
                present = 0;
            if (!event.has_delivery() || event.delivery().number() <= lane.app->acknowledged)
                continue;
            present = present ? present : event.delivery().number();
            oldest = oldest ? oldest : event.delivery().number();
        }
        return {present, oldest};
    }

    /// What was not acknowledged on an earlier connection comes again, and some clients show it again: for a moment.
    bool mayComeAgain(const Lane &lane)
    {
        const auto [present, oldest] = unacknowledged(lane);
        if (m_graceEnd == Time{})
            m_graceEnd = m_run.now() + m_run.timing().reply / 4;
        m_deadline = m_graceEnd;
        return present == 0 && m_run.now() < m_graceEnd;
    }

    void acknowledge(Lane &lane)
    {
        const auto [present, oldest] = unacknowledged(lane);
        lane.app->acknowledged = present ? present : oldest;
        m_command.mutable_acknowledge()->set_delivery(lane.app->acknowledged);
    }

    Progress look(Lane &lane)
    {
        switch (verb().do_case()) {
        case v1::App::kConnect:
            return hasBrokerLane(m_run) && !verb().connect().refused() ? Progress::Done : connected(lane);
        case v1::App::kSubscribe:
        case v1::App::kUnsubscribe:
            return hasBrokerLane(m_run) ? Progress::Done : subscribed(lane);
        case v1::App::kSave: return saved(lane);
        case v1::App::kRestore:
        case v1::App::kRestart: return await(lane, "an answer", &v1::ClientEvent::has_done);
        case v1::App::kDisconnect:
        case v1::App::kClosed: return await(lane, "the client leaves its connection", &v1::ClientEvent::has_disconnected);
        default: return Progress::Done;
        }
    }

    Progress await(Lane &lane, const std::string &what, bool (v1::ClientEvent::*has)() const)
    {
        for (std::size_t i = m_from; i < lane.app->events.size(); ++i) {
            if ((lane.app->events[i].*has)())
                return Progress::Done;
        }
        return isLate() ? gone(what, "no such event") : Progress::Waiting;
    }

    /// A lower grant is lawful, so never an accusation; but what follows was written for the QoS asked for.
    Progress subscribed(Lane &lane)
    {
        const Progress progress = await(lane, "SUBACK", &v1::ClientEvent::has_suback);
        if (progress != Progress::Done || !verb().has_subscribe())
            return progress;
        for (std::size_t i = m_from; i < lane.app->events.size(); ++i) {
            const auto &event = lane.app->events[i];
            if (event.suback().code_size() == 0 || event.suback().code(0) == verb().subscribe().qos())
                continue;
            checkSetup(v1::CheckRecord::DOWNGRADED, "code", "granted QoS " + std::to_string(verb().subscribe().qos()),
                       "code " + std::to_string(event.suback().code(0)));
            return Progress::Ended;
        }
        return progress;
    }

    Progress gone(const std::string &expected, const std::string &actual)
    {
        check(v1::CheckRecord::MISSING, {}, expected, actual + " for " + std::to_string(m_run.timing().reply.count()) + " ms");
        return Progress::Ended;
    }

    Progress connected(Lane &lane)
    {
        for (std::size_t i = m_from; i < lane.app->events.size(); ++i) {
            const auto &event = lane.app->events[i];
            if (event.has_disconnected() && verb().connect().refused())
                return Progress::Done;
            if (!event.has_connected() || verb().connect().refused())
                continue;
            const bool actual = event.connected().session_present();
            const auto word = [](bool value) { return std::string(value ? "true" : "false"); };
            if (verb().connect().has_session_present() && actual != verb().connect().session_present())
                check(v1::CheckRecord::MISMATCH, "session_present", word(!actual), word(actual));
            else
                check(v1::CheckRecord::MET, {}, {}, {});
            return Progress::Done;
        }
        return isLate() ? gone(verb().connect().refused() ? "the client gives up" : "the client is connected", "no such event")
                        : Progress::Waiting;
    }

    Progress saved(Lane &lane)
    {
        for (std::size_t i = m_from; i < lane.app->events.size(); ++i) {
            if (!lane.app->events[i].has_saved())
                continue;
            lane.app->saved = lane.app->events[i].saved().state();
            return Progress::Done;
        }
        return isLate() ? gone("the saved session", "no such event") : Progress::Waiting;
    }

    v1::ClientCommand m_command;
    bool m_hasBegun = false;
    bool m_isReady = false;
    bool m_hasCommanded = false;
    Time m_graceEnd{};
    std::size_t m_from = 0;
};

} // namespace

TaskPointer makeAppTask(Run &run, View &view, const script::PlannedStep &planned)
{
    if (planned.step.app().has_completed() || planned.step.app().has_delivered())
        return makeAppCountTask(run, view, planned);
    return std::make_unique<AppTask>(run, view, planned);
}

} // namespace hiatus::run
