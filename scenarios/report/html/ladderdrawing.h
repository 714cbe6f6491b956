#pragma once
// The ladder as inline SVG: a lifeline per lane and one for the target, connections as brackets, packets as arrows.

#include "scenarios/report/ladder.h"

#include <string>

namespace hiatus::report::html {

/// An `<svg>` element in its natural size; empty if the trace has nothing to draw. Of the options, width and colour do
/// not matter here.
std::string ladderDrawing(const v1::Trace &trace, const LadderOptions &options);

/// What the marks mean: a paragraph.
std::string drawingLegend();

} // namespace hiatus::report::html
