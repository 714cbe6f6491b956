#pragma once
// A step as rungs of a ladder: arrows between a lane and the target, and remarks.

#include "hiatus/v1/scenario.pb.h"

#include <string>
#include <vector>

namespace hiatus::script {

struct Rung
{
    enum class Kind {
        Out,    ///< lane to target
        In,     ///< target to lane
        Both,   ///< a whole exchange
        Cut,    ///< the lane's connection is lost
        Remark, ///< about the lane
        Banner, ///< about everything: a block begins or ends, time passes
    };
    Kind kind = Kind::Remark;
    std::string lane;
    std::string text;
};

/// What the step itself does; nested steps are left out.
std::vector<Rung> rungsOf(const v1::Step &step);

/// `PUBLISH door "open" qos=2 dup=0`: a packet or a pattern in one line.
std::string packetText(const std::string &name, const google::protobuf::Message &packet);

/// `again = before PUBREL and version = V5`.
std::string conditionText(const v1::When &when);

} // namespace hiatus::script
