#pragma once
// One change of one kind of packet on its way between broker and client, made whether or not it makes sense: what the
// suite lets pass is either lawful or a gap in the catalogue.

#include "hiatus/v1/packet.pb.h"

#include <functional>
#include <string>
#include <vector>

namespace hiatus::sweep {

enum class Way { FromBroker, ToBroker };
enum class When {
    Always,
    New,     ///< on connections that began with session present 0
    Resumed, ///< on connections that began with session present 1
};

/// What becomes of a packet.
enum class Fate { Untouched, Altered, Dropped, Doubled };

struct Mutation
{
    std::string name; ///< "publish.dup flipped, resumed"
    Way way = Way::FromBroker;
    When when = When::Always;
    v1::Packet::KindCase kind = v1::Packet::KIND_NOT_SET;
    v1::Since since = v1::SINCE_UNSPECIFIED; ///< of the field
    std::function<Fate(v1::Packet &)> apply;
};

/// Every kind of packet each way: dropped, doubled, and each scalar field altered, removed or invented.
std::vector<Mutation> allMutations();
/// Whether `version` has the field that it changes.
bool exists(const Mutation &mutation, v1::Version version);

} // namespace hiatus::sweep
