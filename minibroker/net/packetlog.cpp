#include "minibroker/net/packetlog.h"

#include "proto/wire/text.h"

#include <QTime>

#include <fmt/format.h>

#include <cstdio>

namespace hiatus::minibroker {

std::string logLine(const SeenPacket &seen)
{
    v1::Packet shown = *seen.packet;
    if (shown.connect().has_password())
        shown.mutable_connect()->set_password("***");
    return fmt::format("{} {} {}", seen.clientId.empty() ? fmt::format("#{}", seen.link) : seen.clientId,
                       seen.fromClient ? '>' : '<', wire::text(shown, seen.version));
}

void logToStandardError(const std::string &line)
{
    fmt::print(stderr, "{} {}\n", QTime::currentTime().toString(QStringLiteral("HH:mm:ss.zzz")).toStdString(), line);
}

} // namespace hiatus::minibroker
