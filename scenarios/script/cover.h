#pragma once
// A part of a product of axes that still shows what two axes do to each other: for the network and for mutants, where
// all of it would take too long.

#include "scenarios/script/plan.h"

#include <cstdint>
#include <vector>

namespace hiatus::script {

/// So many variants of each scenario and version that any two axis values that occur in one variant occur together in one
/// that is left: every cut-point with every way to drop, among others. A scenario of two axes beside the version is left
/// whole. A version stands by itself, since a broker may be right in one and wrong in the other.
/// - In the order given; pure: the same seed picks the same variants. Another seed fills the cover otherwise.
std::vector<const Variant *> pairwise(const std::vector<const Variant *> &variants, std::uint64_t seed = 0);

} // namespace hiatus::script
