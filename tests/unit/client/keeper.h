#pragma once
// What the tests of hiatus::Client over sockets begin with.

#include "client/net/client.h"
#include "hiatus/v1/packet.pb.h"

#include <QTest>

namespace hiatus {

inline void addVersions()
{
    QTest::addColumn<bool>("v5");
    QTest::newRow("3.1.1") << false;
    QTest::newRow("5.0") << true;
}

inline v1::Version wireVersion(bool v5) { return v5 ? v1::V5 : v1::V3; }

/// A client that keeps its session.
inline void keep(Client &client, bool v5)
{
    client.setVersion(v5 ? Client::Version::Mqtt5 : Client::Version::Mqtt311);
    client.setClientId(QStringLiteral("keeper"));
    client.setCleanSession(false);
    client.setSessionExpiryInterval(300);
}

inline v1::Packet puback(std::uint32_t id)
{
    v1::Packet packet;
    packet.mutable_puback()->set_packet_id(id);
    return packet;
}

inline bool reached(Client &client, Client::State state)
{
    return QTest::qWaitFor([&] { return client.state() == state; });
}

} // namespace hiatus
