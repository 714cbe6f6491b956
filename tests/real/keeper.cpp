// keeper VERSION PORT FILE QOS begin|finish [tolerant]: a session over a restart of the client's process, against any broker.
// `begin` subscribes, begins a publish of every QoS up to QOS that it does not finish, has something sent to itself that it
// does not acknowledge, and saves. `finish`, a new process, restores, and ends with 0 when everything has come to its end.

#include "client/net/client.h"

#include <QCoreApplication>
#include <QFile>
#include <QSet>
#include <QTimer>

#include <cstdio>
#include <memory>

using namespace hiatus;

namespace {

constexpr int Patience = 30'000;

void say(const QString &line)
{
    std::printf("%s\n", qPrintable(line));
    std::fflush(stdout);
}

struct Job
{
    quint16 port = 0;
    QString file;
    int qos = 2;
};

void configure(Client &client, const QString &version)
{
    client.setVersion(version == QStringLiteral("5.0") ? Client::Version::Mqtt5 : Client::Version::Mqtt311);
    client.setClientId(QStringLiteral("keeper") + QString(version).remove(QLatin1Char('.')));
    client.setCleanSession(false);
    client.setSessionExpiryInterval(600);
}

void write(const Job &job, const QString &saved)
{
    QFile file(job.file);
    if (saved.isEmpty() || !file.open(QIODevice::WriteOnly) || file.write(saved.toUtf8()) < 0) {
        say(QStringLiteral("the session cannot be saved"));
        QCoreApplication::exit(1);
    }
}

/// Leaves with a publish of each QoS and a delivery unfinished.
void begin(Client &client, const Job &job)
{
    client.setManualAcknowledge(true);
    QObject::connect(&client, &Client::connected, [&] { client.subscribe(QStringLiteral("keeper/") + client.clientId(), 1); });
    QObject::connect(&client, &Client::subscribed, [&](qint64, const QList<int> &codes) {
        say(QStringLiteral("subscribed with QoS %1").arg(codes.value(0)));
        client.publish(QStringLiteral("keeper/") + client.clientId(), "to myself", 1);
    });
    QObject::connect(&client, &Client::messageReceived, [&] {
        for (int qos = 1; qos <= job.qos; ++qos)
            client.publish(QStringLiteral("keeper/else"), "unfinished", qos);
        client.disconnectFromHost(); // nothing of it is acknowledged
    });
    QObject::connect(&client, &Client::disconnected, [&](const QString &why) {
        say(why);
        write(job, client.saveSession());
        QCoreApplication::quit();
    });
}

void finish(Client &client, const Job &job)
{
    QFile file(job.file);
    if (!file.open(QIODevice::ReadOnly) || !client.restoreSession(QString::fromUtf8(file.readAll()))) {
        say(QStringLiteral("not restored: ") + client.errorString());
        QTimer::singleShot(0, [] { QCoreApplication::exit(1); });
        return;
    }
    struct Done
    {
        int published = 0;
        bool hasCome = false;
    };
    const auto done = std::make_shared<Done>();
    const auto leaveOnceDone = [&client, &job, done] {
        if (done->hasCome && done->published >= job.qos)
            client.disconnectFromHost(0);
    };
    QObject::connect(&client, &Client::connected, [](bool present) {
        say(present ? QStringLiteral("session present") : QStringLiteral("the broker has lost the session"));
        if (!present)
            QCoreApplication::exit(1);
    });
    QObject::connect(&client, &Client::published, [done, leaveOnceDone](qint64 id, int code) {
        say(QStringLiteral("published %1 with code %2").arg(id).arg(code));
        ++done->published;
        leaveOnceDone();
    });
    QObject::connect(&client, &Client::messageReceived, [done, leaveOnceDone](const Message &message) {
        say(QStringLiteral("received \"%1\"%2").arg(QString::fromUtf8(message.payload), message.duplicate ? QStringLiteral(" again") : QString()));
        done->hasCome = true;
        leaveOnceDone();
    });
    QObject::connect(&client, &Client::disconnected, [](const QString &why) {
        say(why);
        QCoreApplication::exit(why.startsWith(QStringLiteral("disconnected by the application")) ? 0 : 1);
    });
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    const Job job{arguments.value(2).toUShort(), arguments.value(3), arguments.value(4).toInt()};
    Client client;
    configure(client, arguments.value(1));
    client.setPubackEndsQos2(arguments.value(6) == QStringLiteral("tolerant"));
    if (arguments.value(5) == QStringLiteral("begin"))
        begin(client, job);
    else
        finish(client, job);
    QTimer::singleShot(Patience, [] {
        say(QStringLiteral("nothing more for %1 ms").arg(Patience));
        QCoreApplication::exit(2);
    });
    client.connectToHost(QStringLiteral("127.0.0.1"), job.port);
    return application.exec();
}
