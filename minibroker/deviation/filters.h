#pragma once
// A deviation that changes what goes in and out, packet by packet, as a handful of small functions.

#include "minibroker/engine/alteration.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hiatus::broker {

/// What a filter knows of a link: how it came, and what was last read from it.
struct LinkView
{
    LinkId link = 0;
    std::uint32_t endpoint = 0; ///< that it came by: 0, or a further node
    v1::Version version = v1::V3;
    v1::Connect connect = {};
    v1::Packet last = {};
    bool isAccepted = false;  ///< a CONNACK 0 went out
    bool isResumed = false;   ///< with session present 1
    std::size_t received = 0; ///< packets read
    std::size_t sent = 0;     ///< packets written
};

/// Unset functions leave everything as it is.
struct Filtering
{
    std::function<void(v1::Packet &, const LinkView &)> reads = {};             ///< the engine sees it so
    std::function<bool(const v1::Packet &, const LinkView &)> ignores = {};     ///< the engine does not see it
    std::function<std::vector<v1::Packet>(const v1::Packet &, const LinkView &)> answers = {}; ///< nor this, if any come
    std::function<bool(const wire::Malformed &, const LinkView &)> ignoresMalformed = {};
    std::function<void(v1::Packet &, const LinkView &)> writes = {};            ///< it goes out so
    std::function<bool(const v1::Packet &, const LinkView &)> swallows = {};    ///< it does not go out
    std::function<std::vector<v1::Packet>(const v1::Packet &, const LinkView &)> precedes = {}; ///< goes out before it
    std::function<std::vector<v1::Packet>(const v1::Packet &, const LinkView &)> follows = {};  ///< goes out after it
    std::function<bool(const LinkView &)> keepsOpen = {}; ///< a link that the engine closes stays open, and is deaf
};

/// `make` is called once for each broker: what its functions remember is nobody else's.
std::function<void(Setup &)> filtered(std::function<Filtering()> make);
/// For functions that remember nothing.
std::function<void(Setup &)> filtered(Filtering filtering);

} // namespace hiatus::broker
