#pragma once
// What a client under test is told before the first command of its lane: it follows from the plan of the variant.

#include "hiatus/v1/client_control.pb.h"
#include "scenarios/script/plan.h"

#include <string>

namespace hiatus::script {

/// We are the broker of the client, packet by packet.
bool playsBroker(const Variant &variant);

/// Version, who reconnects, who acknowledges. Where it is to connect, and its store, are of the run.
v1::Setup setupOf(const Variant &variant, const std::string &lane);

} // namespace hiatus::script
