#pragma once
// Axes and their product. A value is text everywhere: it names itself in ids, fills fields through `set`, and decides
// `when`.

#include "hiatus/v1/scenario.pb.h"

#include <string>
#include <utility>
#include <vector>

namespace hiatus::script {

struct NamedAxis
{
    std::string name;
    std::vector<std::string> values;
    std::string path; ///< "axes.qos", "axes.axis[1].value"
};

/// (name, value) of every axis, in the order of the id.
using Binding = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::size_t MaxVariants = 20'000;

/// The axes with at least one value; `version` is always first, both versions if none was listed. Values: "V3", "RST",
/// "true", numbers in decimal, else as written.
std::vector<NamedAxis> axesOf(const v1::Axes &axes);

/// What a When asks: an axis, and the values that satisfy it.
std::vector<NamedAxis> conditionsOf(const v1::When &when);

/// Whether every axis named has one of the values listed. An axis that the scenario does not have has none.
bool matches(const v1::When &when, const Binding &binding);
/// Whether any matches; true for none.
bool matchesAny(const google::protobuf::RepeatedPtrField<v1::When> &whens, const Binding &binding);

/// The product of the axes without what `except` leaves out; at most MaxVariants.
std::vector<Binding> bindingsOf(const v1::Axes &axes);
/// The size of the product before `except`; stops counting above MaxVariants.
std::size_t productOf(const v1::Axes &axes);

/// "v5", "qos2", "half-open", "q2-1", "once" (for again: "-"), "clean0", "expiry3", "room=2".
std::string slug(const std::string &axis, const std::string &value);
/// "topic/slug[v5,qos2,rst]".
std::string variantId(const std::string &scenario, const Binding &binding);

} // namespace hiatus::script
