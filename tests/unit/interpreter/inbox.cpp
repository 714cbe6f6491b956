#include "inbox.h"

#include "scenarios/requirements/catalogue.h"
#include "scenarios/script/expand.h"
#include "scenarios/suite/simulation.h"

#include <QStringList>

using namespace hiatus;

namespace {

QString wordOf(const v1::TraceEvent &event)
{
    const v1::Packet &packet = event.packet();
    if (event.kind() == v1::TraceEvent::RECEIVED && packet.has_publish())
        return QStringLiteral("<") + QString::fromStdString(packet.publish().payload());
    if (event.kind() == v1::TraceEvent::PASSED_BY)
        return QStringLiteral("[%1]").arg(QString::fromStdString(event.text()));
    if (event.kind() != v1::TraceEvent::SENT)
        return {};
    switch (packet.kind_case()) {
    case v1::Packet::kPuback: return QStringLiteral(">puback");
    case v1::Packet::kPubrec: return QStringLiteral(">pubrec");
    case v1::Packet::kPubcomp: return QStringLiteral(">pubcomp");
    case v1::Packet::kPingreq: return QStringLiteral(">ping");
    default: return {};
    }
}

} // namespace

QString Story::told() const
{
    const std::string text = "title: \"t\"\naxes { version: V5 qos: " + std::to_string(qos) +
                             " }\nlane { name: \"dev\" keep_for: 300 connect { receive_maximum: " + std::to_string(window) +
                             " } }\nlane { name: \"pub\" }\n"
                             "step { open { on: \"pub\" } }\nstep { open { on: \"dev\" session_present: false } }\n"
                             "step { subscribe { on: \"dev\" filter: \"job\" } }\nstep { drop { on: \"dev\" how: RST } }\n" +
                             published + "step { open { on: \"dev\" session_present: true } }\n" + steps;
    const auto parsed = script::parseScenario(text, "f", "topic/slug", {});
    if (!parsed)
        return QString::fromStdString(parsed.error().front().text());
    suite::SimulationOptions options;
    options.brokerAlterations = alterations;
    const auto result = suite::simulate(script::expand(*parsed).front(), requirements::Catalogue{}, options);
    QStringList told{QString::fromStdString(v1::Verdict_Name(result.verdict()))};
    for (const auto &event : result.trace().event()) {
        if (event.lane() == "dev" && event.link() >= 2)
            told += wordOf(event);
    }
    told.removeAll(QString());
    for (const auto &fact : result.fact())
        told += QString::fromStdString(fact.name() + "=" + fact.value());
    return told.join(QLatin1Char(' '));
}
