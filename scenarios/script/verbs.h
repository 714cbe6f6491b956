#pragma once
// What steps of every verb have in common, by reflection: the lane they are on, what they cite, what they fill in.

#include "hiatus/v1/scenario.pb.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hiatus::script {

using Steps = google::protobuf::RepeatedPtrField<v1::Step>;
using Cites = google::protobuf::RepeatedPtrField<v1::Cite>;

/// The message of the step's verb ("open", "take" …); null for a step that is a point and nothing else.
const google::protobuf::Message *verbOf(const v1::Step &step);
/// Its name: "open", "take" …, "" for none.
std::string verbName(const v1::Step &step);

/// The message inside an App command (its PublishStep, Delivered …), else the verb's.
const google::protobuf::Message *commandOf(const v1::Step &step);

/// The lane of the step; "" where the verb has none.
std::string laneOf(const v1::Step &step);

/// A string field of a message, "" if it has no such field.
std::string stringOf(const google::protobuf::Message &message, const char *field);

/// The citations and sets written on a step, with the path of the message that has them ("step.open").
struct Written
{
    std::vector<const v1::Cite *> cites;
    std::vector<const v1::Set *> sets;
    std::string path; ///< below the step, e.g. "app.delivered"
};
Written writtenOn(const v1::Step &step);

/// The packet pattern of an Expect ("publish", "puback" …); null for a stream or for nothing.
const google::protobuf::Message *patternOf(const v1::Expect &expect);
/// The pattern's name, "stream" too; "" for nothing.
std::string patternName(const v1::Expect &expect);

/// The blocks nested in a step (tracks, branches, until_point, repeat), with their paths below the step.
struct Nested
{
    const Steps *steps = nullptr;
    std::string path;
};
std::vector<Nested> nestedIn(const v1::Step &step);

/// Visits every step, nested ones too, with its path.
void forEachStep(const Steps &steps, const std::string &path,
                 const std::function<void(const v1::Step &, const std::string &path)> &visit);

} // namespace hiatus::script
