#pragma once
// A broker engine on a virtual clock, and links to it: packets go in as protobuf text, come out as one line each.

#include "minibroker/deviation/alterations.h"

#include <QStringList>

#include <functional>
#include <map>
#include <string>

namespace hiatus::broker {

/// What a CONNECT of a test says; 3.1.1 makes of `expiry` only whether it is 0.
struct Hello
{
    std::string id = "s";
    bool clean = false;
    std::uint32_t expiry = 300;
    std::string more = {}; ///< further fields, as protobuf text
};

class Stage
{
public:
    explicit Stage(v1::Version version = v1::V5, BrokerOptions options = {}, Rules rules = {});
    /// With deviations and liberties, by name.
    Stage(v1::Version version, std::vector<std::string> alterations, BrokerOptions options = {});

    /// A new link, and CONNECT on it.
    LinkId connect(const Hello &hello);
    /// The same, and the CONNACK and what else came is thrown away.
    LinkId connected(const Hello &hello);
    LinkId open();
    /// `packet` is a hiatus.v1.Packet in protobuf text, e.g. `publish { topic: "t" qos: 1 packet_id: 7 }`.
    void send(LinkId link, const std::string &packet);
    void malformed(LinkId link, const wire::Malformed &what);
    /// The connection is lost without a word.
    void cut(LinkId link);
    /// Time passes; every deadline on the way is kept.
    void pass(Milliseconds time);
    /// The engine is thrown away and made anew from its snapshot, `away` later. Links are dead.
    void restart(Milliseconds away = {});

    /// What has come on the link since it was last asked; "(closed)" for the close.
    QStringList take(LinkId link);
    v1::BrokerState snapshot() const { return m_made.engine->snapshot(m_now); }
    BrokerEngine &engine() { return *m_made.engine; }
    Broker &broker() { return *m_made.broker; }
    Time now() const { return m_now; }
    v1::Version version() const { return m_version; }
    bool is5() const { return m_version == v1::V5; }
    void speak(v1::Version version) { m_version = version; }

private:
    void carryOut(const Actions &actions);

    using Make = std::function<tl::expected<MadeBroker, std::string>(const v1::BrokerState &, Time)>;
    void make(const v1::BrokerState &state);

    v1::Version m_version;
    Make m_make;
    MadeBroker m_made;
    Time m_now = Time(std::chrono::hours(24 * 365 * 50));
    LinkId m_links = 0;
    std::map<LinkId, QStringList> m_inbox;
};

/// Data rows "3.1.1" and "5.0" with a column `version`.
void bothVersions();
/// The same, each with the engine kept and with the engine rebuilt: a column `rebuilt`.
void bothVersionsAndLives();

} // namespace hiatus::broker
