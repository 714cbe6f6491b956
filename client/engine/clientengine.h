#pragma once
// A sans-IO MQTT client for 3.1.1 and 5.0.

#include "client/engine/client.h"
#include "client/engine/context.h"

namespace hiatus::client {

/// The client as the standard wants it; see client.h for the contract of each input.
/// - Owns no socket, timer, clock or randomness: the same inputs give the same actions.
/// - Seams for deviations and liberties: the rules, the state hook, and a decorator around the whole.
class ClientEngine final : public Client
{
public:
    explicit ClientEngine(ClientOptions options, Rules rules = standardRules(), StateHook hook = {});

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
    Actions take();
    tl::expected<Started, std::string> started(const tl::expected<Token, std::string> &token);

    Context m_context;
};

} // namespace hiatus::client
