#include "client/engine/control.h"

#include "proto/session/savedsession.h"

#include <utility>

namespace hiatus::client {

namespace {

v1::ClientEvent eventFor(std::uint64_t command)
{
    v1::ClientEvent event;
    if (command)
        event.set_command(command);
    return event;
}

Control::Outcome answered(v1::ClientEvent event)
{
    return {std::move(event), {}};
}

Control::Outcome outcomeOf(std::uint64_t command, tl::expected<Actions, std::string> result)
{
    if (!result)
        return answered(failedEvent(command, result.error()));
    return {{}, *std::move(result)};
}

Control::Outcome save(const Client &client, std::uint64_t command, Time now)
{
    v1::ClientEvent event = eventFor(command);
    event.mutable_saved()->set_state(saveSession(client.snapshot(now)));
    return answered(std::move(event));
}

Control::Outcome restore(Client &client, std::uint64_t command, const std::string &state, Time now)
{
    const auto session = readSession(state);
    if (!session)
        return answered(failedEvent(command, session.error().text));
    if (const auto restored = client.restore(*session, now); !restored)
        return answered(failedEvent(command, restored.error()));
    return answered(doneEvent(command));
}

/// A delivery of an earlier connection may not wait any more: its message comes again.
Control::Outcome acknowledge(Client &client, std::uint64_t command, Token delivery, Time now)
{
    auto actions = client.acknowledge(delivery, now);
    if (!actions)
        return answered(doneEvent(command));
    return {{}, *std::move(actions)};
}

Control::Outcome unsupported(std::uint64_t command)
{
    v1::ClientEvent event = eventFor(command);
    event.mutable_unsupported()->set_feature("this command");
    return answered(std::move(event));
}

v1::ClientEvent eventFrom(const ConnectedEvent &connected)
{
    v1::ClientEvent event;
    event.mutable_connected()->set_session_present(connected.sessionPresent);
    event.mutable_connected()->set_code(connected.connack.code());
    return event;
}

v1::ClientEvent eventFrom(const DisconnectedEvent &disconnected)
{
    v1::ClientEvent event;
    event.mutable_disconnected()->set_why(disconnected.why);
    event.mutable_disconnected()->set_by_client(disconnected.byClient);
    return event;
}

v1::ClientEvent eventFrom(const CompletedEvent &completed)
{
    v1::ClientEvent event;
    event.mutable_completion()->set_code(completed.code);
    if (!completed.error.empty())
        event.mutable_completion()->set_error(completed.error);
    return event;
}

v1::ClientEvent eventFrom(const SubscribedEvent &subscribed)
{
    v1::ClientEvent event;
    *event.mutable_suback() = subscribed.suback;
    return event;
}

v1::ClientEvent eventFrom(const SessionLostEvent &lost)
{
    v1::ClientEvent event;
    event.mutable_session_lost()->set_discarded_publishes(lost.discardedPublishes);
    event.mutable_session_lost()->set_discarded_receipts(lost.discardedReceipts);
    return event;
}

} // namespace

v1::ClientEvent doneEvent(std::uint64_t command)
{
    v1::ClientEvent event = eventFor(command);
    event.mutable_done();
    return event;
}

v1::ClientEvent failedEvent(std::uint64_t command, const std::string &why)
{
    v1::ClientEvent event = eventFor(command);
    event.mutable_failed()->set_why(why);
    return event;
}

Control::Outcome Control::command(Client &client, const v1::ClientCommand &command, Time now)
{
    const std::uint64_t number = command.number();
    switch (command.what_case()) {
    case v1::ClientCommand::kConnect: return outcomeOf(number, client.connect(command.connect().connect(), now));
    case v1::ClientCommand::kPublish: return started(number, client.publish(command.publish().publish(), now));
    case v1::ClientCommand::kSubscribe: return started(number, client.subscribe(command.subscribe(), now));
    case v1::ClientCommand::kUnsubscribe: return started(number, client.unsubscribe(command.unsubscribe(), now));
    case v1::ClientCommand::kAcknowledge:
        return acknowledge(client, number, m_deliveries[command.acknowledge().delivery()], now);
    case v1::ClientCommand::kDisconnect: return {{}, client.disconnect(command.disconnect(), now)};
    case v1::ClientCommand::kSave: return save(client, number, now);
    case v1::ClientCommand::kSync: return answered(doneEvent(number));
    case v1::ClientCommand::kRestore: return restore(client, number, command.restore().state(), now);
    default: return unsupported(number);
    }
}

Control::Outcome Control::started(std::uint64_t command, tl::expected<Started, std::string> result)
{
    if (!result)
        return answered(failedEvent(command, result.error()));
    m_commands[result->token] = command;
    return {{}, std::move(result->actions)};
}

std::optional<v1::ClientEvent> Control::eventOf(const Action &action)
{
    if (const auto *connected = std::get_if<ConnectedEvent>(&action))
        return eventFrom(*connected);
    if (const auto *disconnected = std::get_if<DisconnectedEvent>(&action))
        return eventFrom(*disconnected);
    if (const auto *delivered = std::get_if<DeliveredEvent>(&action))
        return delivery(*delivered);
    if (const auto *completed = std::get_if<CompletedEvent>(&action))
        return answer(completed->token, eventFrom(*completed));
    if (const auto *subscribed = std::get_if<SubscribedEvent>(&action))
        return answer(subscribed->token, eventFrom(*subscribed));
    if (const auto *lost = std::get_if<SessionLostEvent>(&action))
        return eventFrom(*lost);
    return std::nullopt;
}

v1::ClientEvent Control::delivery(const DeliveredEvent &delivered)
{
    m_deliveries[++m_lastDelivery] = delivered.token;
    v1::ClientEvent event;
    event.mutable_delivery()->set_number(m_lastDelivery);
    *event.mutable_delivery()->mutable_publish() = delivered.publish;
    return event;
}

v1::ClientEvent Control::answer(Token token, v1::ClientEvent event) const
{
    if (const auto asked = m_commands.find(token); asked != m_commands.end() && asked->second)
        event.set_command(asked->second);
    return event;
}

} // namespace hiatus::client
