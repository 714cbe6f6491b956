#pragma once
// The broker's whole interface: facts in with the time as argument, actions out, one deadline. A decorator (a deviation
// or a liberty) has the same interface and may swallow, hold, rewrite or invent packets and deadlines.

#include "hiatus/v1/packet.pb.h"
#include "proto/session/values.h"
#include "proto/wire/decoder.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hiatus::broker {

/// Write this packet on that link, encoded for that version.
struct SendAction
{
    LinkId link = 0;
    v1::Version version = v1::VERSION_UNSPECIFIED;
    v1::Packet packet;
};

/// Write out what is queued, then close that link. The broker forgets the link at once; closed() may still follow.
struct CloseAction
{
    LinkId link = 0;
    std::string why; ///< one line for a log
};

using Action = std::variant<SendAction, CloseAction>;
using Actions = std::vector<Action>; ///< to be carried out in order

/// Contract of every input: `now` never goes back; a link is opened once, and nothing follows its closed().
class Broker
{
public:
    virtual ~Broker() = default;

    /// Said before opened() of a link that came in by another endpoint than the first, a further node of the same cluster. A
    /// sound broker serves all alike.
    virtual void comesBy(LinkId /*link*/, std::uint32_t /*endpoint*/) {}
    virtual Actions opened(LinkId link, Time now) = 0;
    virtual Actions received(LinkId link, const v1::Packet &packet, Time now) = 0;
    virtual Actions malformed(LinkId link, const wire::Malformed &what, Time now) = 0;
    /// The network connection is gone, for whatever reason but our own CloseAction (for which it may be said too).
    virtual Actions closed(LinkId link, Time now) = 0;
    /// Time has passed: everything due by `now` happens.
    virtual Actions advanced(Time now) = 0;
    /// When advanced() has something to do; nothing if never.
    virtual std::optional<Time> nextDeadline() const = 0;
};

} // namespace hiatus::broker
