#pragma once
// Baselines and what they are held against, written by hand.

#include "sample.h"
#include "scenarios/report/baseline.h"

#include <initializer_list>

namespace sample {

/// A FAIL of `variant` for one finding.
v1::Result failed(const std::string &variant, const std::string &reason = "MISSING", const std::string &statement = "S-1");

hiatus::report::Results resultsOf(std::initializer_list<v1::Result> list);

/// The baseline with this text; one that says why it cannot be read, if so.
hiatus::report::Baseline baselineOf(const std::string &text);

/// The text of an entry that expects a FAIL.
std::string entry(const std::string &variant, const std::string &more = {});

} // namespace sample
