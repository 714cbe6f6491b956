#pragma once
// A client engine with a scripted server on virtual time: packets and events in a short notation, one line each.

#include "client/engine/client.h"
#include "client/engine/options.h"

#include <QMetaType>
#include <QStringList>

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace hiatus::client {

/// What becomes of the client object when its connection is lost.
enum class Life { Kept, FromState, FromString };

class Rig
{
public:
    explicit Rig(ClientOptions options, Life life = Life::Kept, std::vector<std::string> alterations = {});

    /// CONNECT goes out, CONNACK comes back; what the client sent after CONNECT and events stay to be read.
    void connect(const v1::Connect &connect, bool sessionPresent, v1::Connack connack = {});
    /// The usual session: client id "c", clean as said, kept for `expiry` seconds.
    void connect(bool clean, bool sessionPresent, std::uint32_t expiry = 300);
    /// connect() and opened() only.
    void begin(const v1::Connect &connect);
    /// The link is lost; the next life begins.
    void cut();

    Token publish(const std::string &topic, const std::string &payload, std::uint32_t qos);
    Token publish(const v1::Publish &publish);
    Token subscribe(const v1::Subscribe &subscribe);
    std::string acknowledge(Token token); ///< error, or empty
    void disconnect(const v1::Disconnect &disconnect = {});

    void receive(const v1::Packet &packet);
    void receivePublish(const std::string &topic, const std::string &payload, std::uint32_t qos, std::uint32_t id,
                        bool dup = false);
    void puback(std::uint32_t id, std::uint32_t code = 0);
    void pubrec(std::uint32_t id, std::uint32_t code = 0);
    void pubrel(std::uint32_t id);
    void pubcomp(std::uint32_t id, std::uint32_t code = 0);

    void opened();
    void closed();
    void pass(Milliseconds time); ///< in one step
    void toDeadline();            ///< the clock jumps to the next deadline

    /// Since the last call, e.g. "PUBLISH 1 q1 dup door=open", "PUBREL 1", "CONNECT c clean".
    QStringList sent();
    /// Since the last call, e.g. "delivered door=open", "completed 0", "connected", "session lost 1 0", "close".
    QStringList events();
    Token lastDelivery() const { return m_lastDelivery; }
    const std::vector<v1::Packet> &packets() const { return m_packets; }
    Client &client() { return *m_client; }
    Time now() const { return m_now; }
    v1::Connect usual(bool clean, std::uint32_t expiry = 300) const;

private:
    void carryOut(const Actions &actions);
    void note(const Action &action);
    std::unique_ptr<Client> made() const;

    ClientOptions m_options;
    Life m_life;
    std::vector<std::string> m_alterations;
    std::unique_ptr<Client> m_client;
    Time m_now{Milliseconds(1'700'000'000'000)};
    QStringList m_sent;
    QStringList m_events;
    std::vector<v1::Packet> m_packets;
    Token m_lastDelivery = 0;
};

QStringList lines(std::initializer_list<const char *> all);

/// Rows for each life and both versions: columns `version` and `life`.
void addLives();
/// Rows for both versions: column `version`.
void addVersions();

/// Of the row, by the columns of addLives(), or of addVersions().
Rig rigOfLife();
Rig rigOfVersion(ClientOptions options = {});

/// To one filter, with QoS 1.
v1::Subscribe subscribeTo(const char *filter);
v1::Packet connackOf(bool present, std::uint32_t code = 0);

} // namespace hiatus::client

Q_DECLARE_METATYPE(hiatus::client::Life)
Q_DECLARE_METATYPE(hiatus::v1::Version)
