#pragma once
// What was broken in a case: verdict sentence, statement, difference.

#include "scenarios/report/html/markup.h"
#include "scenarios/report/html/page.h"

namespace hiatus::report::html {

/// The findings by weight; those that follow from others are folded.
void findingsOf(Markup &out, const v1::Result &result, const Context &context);

} // namespace hiatus::report::html
