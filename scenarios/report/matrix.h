#pragma once
// Reports side by side: what each statement, and each scenario, came to in each of them.

#include "scenarios/report/names.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace hiatus::report {

using Reports = std::vector<const v1::Report *>;

/// From harmless to grave: not run, SKIP, PASS, INCONCLUSIVE, WARN, FAIL, ERROR.
int gravity(v1::Verdict verdict);

/// A row in one report: the worst verdict, and what it rests on.
struct MatrixCell
{
    v1::Verdict verdict = v1::VERDICT_UNSPECIFIED; ///< unspecified: nothing ran
    bool isExpected = false;                       ///< not PASS, and the baseline foresees all of it
    bool isChanged = false;                        ///< both ran, and the column before says something else
    std::vector<const v1::Result *> results;       ///< all that had a say
    std::vector<const v1::Result *> worst;         ///< those with the cell's verdict
};

struct MatrixRow
{
    std::string id;                                ///< of the statement, or of the scenario
    v1::Version version = v1::VERSION_UNSPECIFIED; ///< of the statement
    v1::Role role = v1::ROLE_UNSPECIFIED;          ///< of the statement
    const v1::Requirement *requirement = nullptr;  ///< where the catalogue knows it
    std::vector<std::string> scenarios;            ///< that assert it
    std::vector<MatrixCell> cells;                 ///< one per report

    bool isRun() const;     ///< in any report
    bool isFine() const;    ///< every cell passed, was skipped, or is as expected
    bool isChanged() const; ///< some cell is
};

struct MatrixSection
{
    std::string title; ///< "5.0 § 4.4 Message delivery retry", or the topic of the scenarios
    std::vector<MatrixRow> rows;
};

/// Statements that something was asserted about in one of the reports, by version and section. A statement is broken
/// where a finding cites it, and kept where a variant of its version that asserts it passed.
std::vector<MatrixSection> statementMatrix(const Reports &reports, const Context &context);

/// Scenarios by topic.
std::vector<MatrixSection> scenarioMatrix(const Reports &reports);

/// Names that tell the columns apart: target, with its version or a number where two are alike.
std::vector<std::string> columnNames(const Reports &reports);

/// Facts and capabilities: name -> what each report says, empty where it says nothing.
std::vector<std::pair<std::string, std::vector<std::string>>> factMatrix(const Reports &reports);

} // namespace hiatus::report
