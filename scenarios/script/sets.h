#pragma once
// What a `set` of a step fills: which message, by which path.

#include "scenarios/script/expression.h"

#include "hiatus/v1/scenario.pb.h"

#include <google/protobuf/message.h>

#include <string>
#include <vector>

namespace hiatus::script {

struct SetTarget
{
    google::protobuf::Message *message = nullptr;
    std::string path;
};

/// Open fills CONNECT; drop DISCONNECT; accept CONNACK; send the packets that the path begins with; publish itself, then
/// `with`; expect its pattern; the others themselves. Creates what it fills. Empty: the path leads nowhere.
std::vector<SetTarget> targetsOf(v1::Step &step, const std::string &field);

/// Applies every set, and every `of` of times, ranges and facts, whose value is known; those are then gone from the
/// step. What can't be assigned is told as sentences.
std::vector<std::string> applyKnownSets(v1::Step &step, const Names &names);

} // namespace hiatus::script
