#pragma once
// client_control.proto over an engine: what a command asks of it, and what it tells as messages. Its owner carries the
// actions out; who drives it, over what, is not known here.

#include "client/engine/client.h"
#include "hiatus/v1/client_control.pb.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace hiatus::client {

class Control
{
public:
    /// What came of a command: either an answer, or actions whose events answer it in time.
    struct Outcome
    {
        std::optional<v1::ClientEvent> answer;
        Actions actions;
    };

    /// Setup and restart are the owner's affair: here they are as unsupported as what nobody knows.
    Outcome command(Client &client, const v1::ClientCommand &command, Time now);
    /// What the application is told of an action; nothing of one that concerns the wire alone.
    std::optional<v1::ClientEvent> eventOf(const Action &action);

private:
    Outcome started(std::uint64_t command, tl::expected<Started, std::string> result);
    v1::ClientEvent delivery(const DeliveredEvent &delivered);
    v1::ClientEvent answer(Token token, v1::ClientEvent event) const;

    std::map<Token, std::uint64_t> m_commands;   ///< token -> the command that it answers
    std::map<std::uint64_t, Token> m_deliveries; ///< number -> token
    std::uint64_t m_lastDelivery = 0;
};

/// The answers that say no more than this; `command` 0: of no command.
v1::ClientEvent doneEvent(std::uint64_t command);
v1::ClientEvent failedEvent(std::uint64_t command, const std::string &why);

} // namespace hiatus::client
