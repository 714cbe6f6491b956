// client_control.proto over an engine: commands become actions or answers, actions become events.

#include "client/deviation/makeclient.h"
#include "client/engine/control.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::client;

namespace {

/// A client that is connected, and its control.
struct Driven
{
    std::unique_ptr<Client> client;
    Control control;
    Time now{Milliseconds(1'700'000'000'000)};

    explicit Driven(bool isManual = false)
    {
        ClientOptions options;
        options.manualAcknowledge = isManual;
        client = makeClient(options);
        v1::ClientCommand connect = numbered(1);
        connect.mutable_connect()->mutable_connect()->set_client_id("c");
        connect.mutable_connect()->mutable_connect()->set_session_expiry_interval(60);
        control.command(*client, connect, now);
        client->opened(now);
        v1::Packet connack;
        connack.mutable_connack()->set_code(0);
        client->received(connack, now);
    }
    static v1::ClientCommand numbered(std::uint64_t number)
    {
        v1::ClientCommand command;
        command.set_number(number);
        return command;
    }
    /// The events of actions, one line each.
    QStringList told(const Actions &actions)
    {
        QStringList lines;
        for (const Action &action : actions) {
            if (const auto event = control.eventOf(action))
                lines += QString::fromStdString(event->ShortDebugString());
        }
        return lines;
    }
    Control::Outcome ask(const v1::ClientCommand &command) { return control.command(*client, command, now); }
};

v1::Packet publishOf(std::uint32_t id)
{
    v1::Packet packet;
    packet.mutable_publish()->set_topic("door");
    packet.mutable_publish()->set_qos(1);
    packet.mutable_publish()->set_packet_id(id);
    return packet;
}

} // namespace

class TestControl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void completionNamesTheCommandThatAsked()
    {
        Driven driven;
        v1::ClientCommand publish = Driven::numbered(7);
        publish.mutable_publish()->mutable_publish()->set_topic("till");
        publish.mutable_publish()->mutable_publish()->set_qos(1);
        const auto outcome = driven.ask(publish);
        QVERIFY(!outcome.answer);
        QCOMPARE(outcome.actions.size(), std::size_t(1)); // PUBLISH, no event
        QVERIFY(driven.told(outcome.actions).isEmpty());
        v1::Packet puback;
        puback.mutable_puback()->set_packet_id(std::get<SendPacket>(outcome.actions.front()).packet.publish().packet_id());
        QCOMPARE(driven.told(driven.client->received(puback, driven.now)), QStringList{QStringLiteral("command: 7 completion { code: 0 }")});
    }

    void deliveriesAreNumberedAndAcknowledgedByNumber()
    {
        Driven driven(true);
        QCOMPARE(driven.told(driven.client->received(publishOf(5), driven.now)).size(), 1);
        QCOMPARE(driven.told(driven.client->received(publishOf(6), driven.now)).size(), 1);
        v1::ClientCommand acknowledge = Driven::numbered(2);
        acknowledge.mutable_acknowledge()->set_delivery(1);
        const auto outcome = driven.ask(acknowledge);
        QCOMPARE(outcome.actions.size(), std::size_t(1));
        QCOMPARE(std::get<SendPacket>(outcome.actions.front()).packet.puback().packet_id(), 5u);
        // What waits no longer is no error: it comes again.
        const auto again = driven.ask(acknowledge);
        QVERIFY(again.answer && again.answer->has_done());
    }

    void savesAndRestores()
    {
        Driven driven;
        const auto saved = [&] {
            v1::ClientCommand save = Driven::numbered(3);
            save.mutable_save();
            return driven.ask(save);
        }();
        QVERIFY(saved.answer && saved.answer->has_saved());
        const auto fresh = makeClient({});
        v1::ClientCommand restore = Driven::numbered(4);
        restore.mutable_restore()->set_state(saved.answer->saved().state());
        Control control;
        const auto restored = control.command(*fresh, restore, driven.now);
        QVERIFY(restored.answer && restored.answer->has_done());
        restore.mutable_restore()->set_state("nonsense");
        const auto refused = control.command(*fresh, restore, driven.now);
        QVERIFY(refused.answer && refused.answer->has_failed() && !refused.answer->failed().why().empty());
    }

    void saysWhatItDoesNotSupportAndWhatIsRefused()
    {
        Driven driven;
        v1::ClientCommand restart = Driven::numbered(8);
        restart.mutable_restart();
        const auto unknown = driven.ask(restart);
        QVERIFY(unknown.answer && unknown.answer->has_unsupported());
        QCOMPARE(unknown.answer->command(), std::uint64_t(8));
        v1::ClientCommand connect = Driven::numbered(9);
        connect.mutable_connect()->mutable_connect()->set_client_id("c");
        const auto twice = driven.ask(connect);
        QVERIFY(twice.answer && twice.answer->has_failed());
    }
};

QTEST_APPLESS_MAIN(TestControl)
#include "tst_control.moc"
