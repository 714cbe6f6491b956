#pragma once
// What the stories are told with, and the stories.

#include "stage.h"

#include <string>

namespace hiatus::broker {

inline std::string filters(const std::string &all, int id = 1)
{
    return "subscribe { packet_id: " + std::to_string(id) + " " + all + " }";
}

inline std::string filter(const std::string &name, int qos, const std::string &options = {})
{
    return "filter { filter: \"" + name + "\" qos: " + std::to_string(qos) + " " + options + " } ";
}

inline std::string number(const char *kind, int id)
{
    return std::string(kind) + " { packet_id: " + std::to_string(id) + " }";
}

/// A persistent publisher, its exchanges run to their end.
class Publisher
{
public:
    explicit Publisher(Stage &stage) : m_stage(stage), m_link(stage.connected({.id = "p"})) {}
    void say(const std::string &payload, int qos = 2, const std::string &more = {})
    {
        const auto id = qos > 0 ? " packet_id: " + std::to_string(++m_id) : std::string();
        m_stage.send(m_link, "publish { topic: \"t\" payload: \"" + payload + "\" qos: " + std::to_string(qos) + id +
                                 " " + more + " }");
        if (qos == 2)
            m_stage.send(m_link, number("pubrel", m_id));
    }
    void sayMany(const std::string &prefix, int count)
    {
        for (int i = 1; i <= count; ++i)
            say(prefix + std::to_string(i), 1);
    }
    LinkId link() const { return m_link; }

private:
    Stage &m_stage;
    LinkId m_link;
    int m_id = 100;
};

inline void append(QStringList &all, Stage &stage, LinkId link)
{
    all << QStringLiteral("--") << stage.take(link);
}

inline LinkId subscriber(Stage &stage, int qos, const std::string &more = {})
{
    const auto link = stage.connected({.id = "s", .more = more});
    stage.send(link, filters(filter("t", qos)));
    stage.take(link);
    return link;
}

/// Acknowledges whatever comes until nothing comes any more; everything is told.
inline void acknowledgeAll(QStringList &all, Stage &stage, LinkId link)
{
    for (int round = 0; round < 100; ++round) {
        const auto came = stage.take(link);
        if (came.isEmpty())
            return;
        all << came;
        for (const auto &line : came) {
            const auto id = line.section(QStringLiteral("id="), 1).section(QLatin1Char(' '), 0, 0).toInt();
            const auto *answer = line.startsWith(QStringLiteral("PUBLISH q1"))   ? "puback"
                                 : line.startsWith(QStringLiteral("PUBLISH q2")) ? "pubrec"
                                 : line.startsWith(QStringLiteral("PUBREL"))     ? "pubcomp"
                                                                                 : nullptr;
            if (answer != nullptr)
                stage.send(link, number(answer, id));
        }
    }
}

QStringList presence(Stage &stage);
QStringList expiry(Stage &stage);
QStringList cleanStart(Stage &stage);
QStringList subscriptions(Stage &stage);
QStringList resends(Stage &stage);
QStringList windows(Stage &stage);
QStringList messageExpiry(Stage &stage);
QStringList receipts(Stage &stage);
QStringList takeovers(Stage &stage);
QStringList wills(Stage &stage);
QStringList restarts(Stage &stage);
QStringList limits(Stage &stage);
QStringList haste(Stage &stage);
QStringList shares(Stage &stage);
QStringList accounts(Stage &stage);
QStringList versions(Stage &stage);

} // namespace hiatus::broker
