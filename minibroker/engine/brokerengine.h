#pragma once
// A small, complete MQTT 3.1.1 and 5.0 broker without socket, timer, clock or randomness.

#include "hiatus/v1/session.pb.h"
#include "minibroker/engine/broker.h"
#include "minibroker/engine/journal.h"
#include "minibroker/engine/options.h"
#include "minibroker/engine/rules.h"

#include <tl/expected.hpp>

#include <memory>
#include <optional>
#include <string>

namespace hiatus::broker {

struct State;

/// The broker. One conversation per file beside this one; what the standard decides or leaves open is in Rules.
class BrokerEngine final : public Broker
{
public:
    /// With nothing kept.
    explicit BrokerEngine(BrokerOptions options = {}, Rules rules = {});
    ~BrokerEngine() override;
    BrokerEngine(const BrokerEngine &) = delete;
    BrokerEngine &operator=(const BrokerEngine &) = delete;

    /// With what was kept, all or nothing; contradictory state is refused with a sentence.
    /// - Its sessions are routable at once [3.1.1 MQTT-3.1.2-5].
    /// - Expiry and will delay count from `disconnected_at`, the downtime included; a session without it lost its
    ///   connection `now`. What is due already happens at the first advanced().
    static tl::expected<std::unique_ptr<BrokerEngine>, std::string> create(BrokerOptions options, Rules rules,
                                                                           const v1::BrokerState &state, Time now);

    Actions opened(LinkId link, Time now) override;
    Actions received(LinkId link, const v1::Packet &packet, Time now) override;
    Actions malformed(LinkId link, const wire::Malformed &what, Time now) override;
    Actions closed(LinkId link, Time now) override;
    Actions advanced(Time now) override;
    std::optional<Time> nextDeadline() const override;

    /// Everything kept, in a stable order; connected sessions without `disconnected_at`, expired ones left out.
    v1::BrokerState snapshot(Time now) const;
    /// The entries since the last call; empty unless BrokerOptions::journal.
    journal::Entries takeJournal();

    std::size_t sessions() const;
    std::size_t connections() const;

private:
    Actions take();

    std::unique_ptr<State> m_state;
};

} // namespace hiatus::broker
