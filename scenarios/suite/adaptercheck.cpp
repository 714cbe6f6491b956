#include "scenarios/suite/adaptercheck.h"

#include "minibroker/net/minibroker.h"
#include "scenarios/world/adapterprocess.h"

#include <QEventLoop>
#include <QTimer>

#include <functional>

namespace hiatus::suite {

namespace {

constexpr int Patience = 5'000; ///< milliseconds for the answer to a command

class Check
{
public:
    Check(const v1::Target &profile, v1::Version version, quint16 port)
        : m_version(version), m_port(port),
          m_process({profile.client().argument().begin(), profile.client().argument().end()},
                    {[this](const v1::ClientEvent &event) { took(event); }, [this](const std::string &why) { ended(why); }})
    {
    }

    std::vector<AdapterAnswer> run();

private:
    using Fill = std::function<void(v1::ClientCommand &)>;
    using IsIt = std::function<bool(const v1::ClientEvent &)>;

    bool ask(const std::string &name, bool isNeeded, const Fill &fill, const IsIt &isAnswer);
    void took(const v1::ClientEvent &event);
    void ended(const std::string &why);

    v1::Version m_version;
    quint16 m_port;
    QEventLoop m_loop;
    IsIt m_isAnswer;
    AdapterAnswer m_answer;
    std::string m_saved;
    std::string m_gone;
    std::uint64_t m_number = 0;
    std::vector<AdapterAnswer> m_answers;
    world::AdapterProcess m_process;
};

void Check::took(const v1::ClientEvent &event)
{
    if (event.has_saved())
        m_saved = event.saved().state();
    if (event.has_unsupported())
        m_answer.kind = AdapterAnswer::Kind::Unsupported, m_answer.detail = event.unsupported().feature();
    else if (event.has_failed())
        m_answer.kind = AdapterAnswer::Kind::Failed, m_answer.detail = event.failed().why();
    else if (m_isAnswer && m_isAnswer(event))
        m_answer.kind = AdapterAnswer::Kind::Done;
    else
        return;
    m_isAnswer = {};
    m_loop.quit();
}

void Check::ended(const std::string &why)
{
    m_gone = why;
    m_loop.quit();
}

bool Check::ask(const std::string &name, bool isNeeded, const Fill &fill, const IsIt &isAnswer)
{
    m_answer = {name, isNeeded, AdapterAnswer::Kind::Silent, {}};
    v1::ClientCommand command;
    command.set_number(++m_number);
    fill(command);
    m_isAnswer = isAnswer;
    m_process.send(command);
    QTimer::singleShot(Patience, &m_loop, &QEventLoop::quit);
    if (m_gone.empty())
        m_loop.exec();
    if (m_answer.kind == AdapterAnswer::Kind::Silent)
        m_answer.detail = m_gone.empty() ? "no answer within " + std::to_string(Patience / 1'000) + " s" : m_gone;
    m_answers.push_back(m_answer);
    return m_gone.empty() && (m_answer.kind == AdapterAnswer::Kind::Done || !isNeeded);
}

std::vector<AdapterAnswer> Check::run()
{
    const auto connect = [](v1::ClientCommand &command) {
        auto *fields = command.mutable_connect()->mutable_connect();
        fields->set_client_id("hiatusadapter");
        fields->set_clean(false);
        fields->set_keep_alive(60);
        fields->set_session_expiry_interval(60);
    };
    const auto publish = [](std::uint32_t qos) {
        return [qos](v1::ClientCommand &command) {
            auto *message = command.mutable_publish()->mutable_publish();
            message->set_topic("adapter/check");
            message->set_payload("q" + std::to_string(qos));
            message->set_qos(qos);
        };
    };
    const auto subscribe = [](v1::ClientCommand &command) {
        auto *filter = command.mutable_subscribe()->add_filter();
        filter->set_filter("adapter/check");
        filter->set_qos(2);
    };
    const auto setup = [this](v1::ClientCommand &command) {
        command.mutable_setup()->set_version(m_version);
        command.mutable_setup()->set_host("127.0.0.1");
        command.mutable_setup()->set_port(m_port);
    };
    const auto isCompleted = [](const v1::ClientEvent &event) { return event.has_completion() && event.completion().error().empty(); };
    const auto isDone = [](const v1::ClientEvent &event) { return event.has_done(); };
    ask("setup", true, setup, isDone)
        && ask("connect", true, connect, [](const v1::ClientEvent &event) { return event.has_connected(); })
        && ask("publish QoS 0", true, publish(0), isCompleted)
        && ask("publish QoS 1", true, publish(1), isCompleted)
        && ask("publish QoS 2", true, publish(2), isCompleted)
        && ask("subscribe", true, subscribe, [](const v1::ClientEvent &event) { return event.has_suback(); })
        && ask("delivery", true, publish(1), [](const v1::ClientEvent &event) { return event.has_delivery() && event.delivery().publish().payload() == "q1"; })
        && ask("unsubscribe", false, [](v1::ClientCommand &command) { command.mutable_unsubscribe()->add_filter("adapter/check"); },
               [](const v1::ClientEvent &event) { return event.has_suback() || event.has_done(); })
        && ask("save", false, [](v1::ClientCommand &command) { command.mutable_save(); }, [](const v1::ClientEvent &event) { return event.has_saved(); })
        && ask("sync", false, [](v1::ClientCommand &command) { command.mutable_sync(); }, isDone)
        && ask("disconnect", true, [](v1::ClientCommand &command) { command.mutable_disconnect(); }, [](const v1::ClientEvent &event) { return event.has_disconnected(); })
        && ask("restart", false, [](v1::ClientCommand &command) { command.mutable_restart(); }, isDone)
        && ask("restore", false, [this](v1::ClientCommand &command) { command.mutable_restore()->set_state(m_saved); }, isDone)
        && ask("connect again", true, connect, [](const v1::ClientEvent &event) { return event.has_connected(); });
    return m_answers;
}

} // namespace

std::vector<AdapterAnswer> checkAdapter(const v1::Target &profile, v1::Version version)
{
    Minibroker broker;
    if (const auto started = broker.start(); !started)
        return {{"broker", true, AdapterAnswer::Kind::Failed, started.error().text}};
    return Check(profile, version, broker.port()).run();
}

} // namespace hiatus::suite
