// storeclient PORT STORE ROUND: a client with a store that publishes ROUND/1, ROUND/2, … until it is killed; with ROUND
// "-" it only finishes what is left and leaves. Each line on standard output is a thing that has happened: "accepted
// NAME" once publish() has taken a message, "got NAME" once the application was handed one.

#include "client/net/client.h"

#include <QCoreApplication>
#include <QTimer>

#include <cstdio>

using namespace hiatus;

namespace {

constexpr int Window = 10; ///< messages on their way at once

void say(const char *what, const QByteArray &name)
{
    std::printf("%s %s\n", what, name.constData());
    std::fflush(stdout);
}

/// Odd numbers go out with QoS 1, even ones with QoS 2.
class Sender
{
public:
    Sender(Client &client, QByteArray round) : m_client(client), m_round(std::move(round)) {}

    void fill()
    {
        while (m_round != "-" && m_open < Window) {
            const QByteArray name = m_round + '/' + QByteArray::number(++m_number);
            if (m_client.publish(QStringLiteral("up"), name, m_number % 2 == 0 ? 2 : 1) < 0)
                return;
            ++m_open;
            say("accepted", name);
        }
    }
    void completed()
    {
        --m_open;
        fill();
    }

private:
    Client &m_client;
    QByteArray m_round;
    int m_number = 0;
    int m_open = 0;
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    Client client;
    client.setClientId(QStringLiteral("killed"));
    client.setCleanSession(false);
    client.setSessionExpiryInterval(3'600);
    client.setAutomaticReconnect(true);
    if (!client.setStore(arguments.value(2))) {
        std::fprintf(stderr, "%s\n", qPrintable(client.errorString()));
        return 1;
    }
    Sender sender(client, arguments.value(3).toUtf8());
    QObject::connect(&client, &Client::published, [&] { sender.completed(); });
    QObject::connect(&client, &Client::messageReceived, [&](const Message &message) { say("got", message.payload); });
    QObject::connect(&client, &Client::connected, [&](bool sessionPresent) {
        say("connected", sessionPresent ? "1" : "0");
        client.subscribe(QStringLiteral("down"), 2); // the first one may have been killed before its SUBACK
        sender.fill();
    });
    QObject::connect(&client, &Client::subscribed, [&] { say("subscribed", "down"); });
    client.connectToHost(QStringLiteral("127.0.0.1"), arguments.value(1).toUShort());
    return application.exec();
}
