#pragma once
// A baseline: what a user expects of a target, each entry with a reason code and why. It polices itself: an entry must
// match a result, must still be needed, and must say why.

#include "hiatus/v1/target.pb.h"
#include "scenarios/report/names.h"

#include <tl/expected.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace hiatus::report {

struct BaselineEntry
{
    v1::Expected expected;
    v1::Verdict verdict = v1::VERDICT_UNSPECIFIED;
    std::string place;     ///< "file:line:column"
    std::size_t begin = 0; ///< bytes of the text that it takes
    std::size_t end = 0;

    bool isGlob() const;
};

struct Baseline
{
    std::string path;
    std::string text;
    std::vector<BaselineEntry> entries;
};

/// `*` is any number of characters, `?` one, `{a,b}` any of these; brackets are themselves, since ids have them.
bool globMatches(std::string_view glob, std::string_view id);

/// Error: "file:line:column: error: …" for what does not parse, has no variant, no why, or a verdict that is not FAIL,
/// WARN, INCONCLUSIVE or ERROR.
tl::expected<Baseline, std::string> parseBaseline(const std::string &path, const std::string &text);
tl::expected<Baseline, std::string> loadBaseline(const std::string &path);

/// Whether the entry describes what came: verdict, and where it names them reason and statement of the leading finding.
bool fits(const BaselineEntry &entry, const v1::Result &result);

/// Whether the entry is about a race (`sometimes`) and this is its milder outcome: PASS, nothing claimed, or WARN for the same
/// reason, or for any if the entry names none.
bool spares(const BaselineEntry &entry, const v1::Result &result);

/// The result says something about the target: FAIL, WARN or PASS.
bool isJudged(const v1::Result &result);

/// Sets `expected` of the results that an entry is about. Returns the problems, "file:line:column: stale: …",
/// "…: unmatched: …", "…: overlapping: …" (two entries fit one result) and "…: expired: …" (`until` is over, by `today`,
/// "2027-03-31"), each with the edit that repairs the file. `known` are the ids of variants that this run did not select: an entry for one of them is not
/// unmatched.
std::vector<std::string> applyBaseline(const Baseline &baseline, Results &results, const std::set<std::string> &known,
                                       const std::string &today = {});

/// The date in UTC, "2027-03-31".
std::string dateOfToday();

struct BaselineUpdate
{
    std::string text;
    std::size_t added = 0;
    std::size_t removed = 0;
};

/// The text for `--baseline-update`: entries that are still needed stay as they were written, with their comments;
/// stale ones go; what is unexpected (FAIL, WARN) comes in with the witness as a why that begins with "unexplained: ".
/// A glob that is only partly needed becomes the exact entries that are. Of a repeated run `results` has all rounds: what came
/// in some of them only is written with `sometimes`, what came for several reasons without any. Error: a glob matches more than `globLimit`
/// results, or an entry stands in a list that cannot be edited.
tl::expected<BaselineUpdate, std::string> updateBaseline(const Baseline &old, const Results &results,
                                                         const std::set<std::string> &known,
                                                         std::size_t globLimit = 50);

} // namespace hiatus::report
