#pragma once
// A stage with somebody who publishes and somebody who listens.

#include "stage.h"

#include <string>
#include <utility>

namespace hiatus::broker {

/// A subscriber to "t" with QoS 2, and a publisher of numbered messages.
struct Scene
{
    Stage stage;
    LinkId subscriber = 0;
    LinkId publisher = 0;
    int said = 0;

    explicit Scene(int version, const std::string &more = {}, BrokerOptions options = {})
        : stage(static_cast<v1::Version>(version), std::move(options))
    {
        publisher = stage.connected({.id = "p"});
        connect(more);
        stage.send(subscriber, "subscribe { packet_id: 1 filter { filter: \"t\" qos: 2 } }");
        stage.take(subscriber);
    }
    void connect(const std::string &more) { subscriber = stage.connect({.id = "s", .more = more}); }
    void say(int count, int qos = 1, const std::string &more = {})
    {
        for (int i = 0; i < count; ++i) {
            const auto id = qos > 0 ? " packet_id: " + std::to_string(said % 60000 + 1) : "";
            const auto payload = std::to_string(++said);
            stage.send(publisher, "publish { topic: \"t\" payload: \"" + payload + "\" qos: " + std::to_string(qos) +
                                      id + " " + more + " }");
            if (qos == 2)
                stage.send(publisher, "pubrel { packet_id: " + std::to_string((said - 1) % 60000 + 1) + " }");
        }
        stage.take(publisher);
    }
    /// The numbers of the messages that came, e.g. "1 2".
    QString numbers()
    {
        QStringList all;
        for (const auto &line : stage.take(subscriber))
            if (line.startsWith(QStringLiteral("PUBLISH")))
                all << line.section(QLatin1Char('"'), 1, 1);
        return all.join(QLatin1Char(' '));
    }
    void answer(const char *kind, int id)
    {
        stage.send(subscriber, std::string(kind) + " { packet_id: " + std::to_string(id) + " }");
    }
};

} // namespace hiatus::broker
