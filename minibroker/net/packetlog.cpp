#include "minibroker/net/packetlog.h"

#include "proto/wire/text.h"

#include <QTime>

#include <fmt/format.h>

#include <cstdio>

namespace hiatus::minibroker {

std::string logLine(const SeenPacket &seen)
{
    return fmt::format("{} {} {}", seen.clientId.empty() ? fmt::format("#{}", seen.link) : seen.clientId,
                       seen.fromClient ? '>' : '<', wire::text(*seen.packet, seen.version));
}

void logToStandardError(const std::string &line)
{
    fmt::print(stderr, "{} {}\n", QTime::currentTime().toString(QStringLiteral("HH:mm:ss.zzz")).toStdString(), line);
}

} // namespace hiatus::minibroker
