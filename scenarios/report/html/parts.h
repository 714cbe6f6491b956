#pragma once
// The parts of the page around the cases.

#include "scenarios/report/html/cases.h"
#include "scenarios/report/html/markup.h"
#include "scenarios/report/html/page.h"

namespace hiatus::report::html {

/// What the page is about and how it ended: a card per report, the verdict sentence first.
void header(Markup &out, const PageInput &input);

/// Statements by section, or scenarios by topic: a row each, a column per report; cells lead to their cases.
void statements(Markup &out, const std::vector<MatrixSection> &sections, const Reports &reports,
                const Anchors &anchors);
void scenarios(Markup &out, const std::vector<MatrixSection> &sections, const PageInput &input, const Anchors &anchors);

/// What each target does where the standard is free, and what it can do. False: there is nothing to say.
bool facts(Markup &out, const Reports &reports);

/// Every statement, with the scenarios that assert it or the reason why none does. False: no report has a ledger.
bool ledger(Markup &out, const PageInput &input);

/// Deviations with who kills them, liberties with who accuses them. False: no report of `hiatus mutants` is there.
bool mutants(Markup &out, const PageInput &input);

} // namespace hiatus::report::html
