#pragma once
// The decorator most alterations need: packets on their way in and actions on their way out can be changed or swallowed.

#include "client/engine/client.h"

#include <functional>
#include <memory>

namespace hiatus::client {

struct FilterRules
{
    /// Does the packet reach the engine? It may be changed. Empty: all do.
    std::function<bool(v1::Packet &, Time now)> admits;
    /// Does the engine hear of bytes that are no packet? Empty: always.
    std::function<bool(const wire::Malformed &)> heeds;
    /// Does the action leave the engine? It may be changed. Empty: all do.
    std::function<bool(Action &, Time now)> passes;
    /// What leaves right behind an action that passed. Empty: nothing.
    std::function<Actions(const Action &, Time now)> follows;
    /// Changes the session on its way out to the application or a store. Empty: as it is.
    std::function<void(v1::ClientSession &)> saves;
};

class Filter final : public Client
{
public:
    Filter(std::unique_ptr<Client> inner, FilterRules rules);

    tl::expected<Actions, std::string> connect(const v1::Connect &connect, Time now) override;
    tl::expected<Started, std::string> publish(const v1::Publish &publish, Time now) override;
    tl::expected<Started, std::string> subscribe(const v1::Subscribe &subscribe, Time now) override;
    tl::expected<Started, std::string> unsubscribe(const v1::Unsubscribe &unsubscribe, Time now) override;
    tl::expected<Actions, std::string> acknowledge(Token delivery, Time now) override;
    Actions disconnect(const v1::Disconnect &disconnect, Time now) override;
    Actions opened(Time now) override;
    Actions received(const v1::Packet &packet, Time now) override;
    Actions malformed(const wire::Malformed &what, Time now) override;
    Actions closed(Time now) override;
    Actions advanced(Time now) override;
    std::optional<Time> nextDeadline() const override;
    v1::ClientSession snapshot(Time now) const override;
    tl::expected<void, std::string> restore(const v1::ClientSession &session, Time now) override;

private:
    Actions filtered(Actions actions, Time now);
    tl::expected<Started, std::string> filtered(tl::expected<Started, std::string> started, Time now);

    std::unique_ptr<Client> m_inner;
    FilterRules m_rules;
};

} // namespace hiatus::client
