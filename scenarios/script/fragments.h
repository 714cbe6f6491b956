#pragma once
// Fragments: steps to splice in, with parameters.

#include "scenarios/script/script.h"
#include "scenarios/script/verbs.h"

namespace hiatus::script {

inline constexpr int MaxFragmentDepth = 8;

/// The fragment with the arguments of `use` in place of its parameters.
v1::Fragment substituted(const v1::Fragment &fragment, const v1::Use &use);

/// The lanes of all fragments that these steps use, each once.
std::vector<v1::Lane> lanesOfFragments(const Script &script, const Steps &steps);

} // namespace hiatus::script
