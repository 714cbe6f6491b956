#include "scenarios/report/baseline.h"

#include "scenarios/report/cells.h"
#include "scenarios/report/reasons.h"

#include <fmt/format.h>

#include <algorithm>

namespace hiatus::report {

namespace {

constexpr std::string_view head = "# proto-file: hiatus/v1/target.proto\n# proto-message: hiatus.v1.Baseline\n";

std::string quoted(const std::string &text)
{
    std::string result = "\"";
    for (const char c : printable(text)) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + '"';
}

/// What a user has to know of and live with: a defect, or a set-up that fails for one. What did not come in time may come
/// next time, unless it was waited for again alone.
bool isNews(const v1::Result &result)
{
    if (result.verdict() != v1::INCONCLUSIVE)
        return result.verdict() == v1::FAIL || result.verdict() == v1::WARN;
    const v1::Finding *finding = leadingFinding(result);
    const bool isSetup = finding && finding->setup() && !result.skipped_for().starts_with("the harness itself"); // our loop was late
    return (isSetup && (!isAbsence(finding->reason()) || result.confirmation().starts_with(ConfirmedAlone))) || result.confirmation() == OnlyInCompany;
}

/// As it was in company, if it did not recur alone.
v1::Verdict accusationOf(const v1::Result &result)
{
    if (result.confirmation() != OnlyInCompany)
        return result.verdict();
    const auto isFailure = [](const v1::Finding &finding) { return finding.severity() == v1::SEVERITY_FAIL; };
    return std::any_of(result.finding().begin(), result.finding().end(), isFailure) ? v1::FAIL : v1::WARN;
}

int gravity(v1::Verdict verdict) { return verdict == v1::FAIL ? 3 : verdict == v1::WARN ? 2 : verdict == v1::INCONCLUSIVE ? 1 : 0; }

/// What the rounds of a run say of one variant, as an entry would say it.
class Seen
{
public:
    void add(const v1::Result &result)
    {
        m_isAlways = m_isAlways && isNews(result) && result.confirmation() != OnlyInCompany;
        if (!isNews(result))
            return;
        const v1::Finding *finding = leadingFinding(result);
        m_reasons.insert(finding ? finding->reason() : std::string());
        m_statements.insert(finding ? finding->statement() : std::string());
        m_isManifold = m_isManifold || m_reasons.size() > 1 || m_statements.size() > 1 || result.confirmation() == ConfirmedOtherwise;
        m_verdicts.insert(accusationOf(result));
        if (!m_worst || gravity(accusationOf(result)) > gravity(accusationOf(*m_worst)))
            m_worst = &result;
    }
    bool isNothing() const { return !m_worst; }

    /// The entry that says all of it; what `old` said of a race, a ticket and a date goes on to hold.
    std::string entry(const std::string &why, const v1::Expected &old = {}) const
    {
        std::string text = fmt::format("expected {{\n  variant: {}\n  verdict: \"{}\"\n", quoted(m_worst->variant()), verdictName(accusationOf(*m_worst)));
        const bool isOneMore = old.sometimes() && !globMatches(old.reason().empty() ? "*" : old.reason(), *m_reasons.begin());
        if (!m_isManifold && !isOneMore) // what comes in several ways may come in one more
            text += told("reason", *m_reasons.begin()) + told("statement", *m_statements.begin());
        if (!m_isAlways || m_verdicts.size() > 1 || old.sometimes())
            text += "  sometimes: true\n";
        text += fmt::format("  why: {}\n", quoted(why));
        if (!old.link().empty())
            text += fmt::format("  link: {}\n", quoted(old.link()));
        if (!old.until().empty())
            text += fmt::format("  until: {}\n", quoted(old.until()));
        return text + "}\n";
    }

    std::string unexplained(const std::string &before) const
    {
        const v1::Finding *finding = leadingFinding(*m_worst);
        std::string why = accusationOf(*m_worst) == v1::INCONCLUSIVE ? "unexplained, in set-up: " : "unexplained: ";
        why += finding && !finding->text().empty() ? finding->text() : "seen when the baseline was updated";
        return before.empty() ? why : why + " (before: " + before + ")";
    }

private:
    static std::string told(const char *field, const std::string &value)
    {
        return value.empty() ? std::string() : fmt::format("  {}: {}\n", field, quoted(value));
    }

    const v1::Result *m_worst = nullptr; ///< the first of the gravest
    bool m_isAlways = true;              ///< no round came out well
    bool m_isManifold = false;           ///< for more than one reason
    std::set<v1::Verdict> m_verdicts;
    std::set<std::string> m_reasons;
    std::set<std::string> m_statements;
};

enum class Fate { Keep, Remove, Split };

class Updater
{
public:
    Updater(const Baseline &old, const Results &results, const std::set<std::string> &known, std::size_t globLimit)
        : m_old(old), m_results(results), m_known(known), m_globLimit(globLimit)
    {
        for (const v1::Result &result : results)
            m_seen[result.variant()].add(result);
    }
    tl::expected<BaselineUpdate, std::string> updated();

private:
    std::vector<const v1::Result *> resultsOf(const BaselineEntry &entry) const;
    Fate fateOf(const BaselineEntry &entry) const;
    std::string refusal(const BaselineEntry &entry) const;
    void take(const BaselineEntry &entry);
    void addNew();
    std::size_t cutBegin(const BaselineEntry &entry) const;
    std::size_t cutEnd(const BaselineEntry &entry) const;

    const Baseline &m_old;
    const Results &m_results;
    const std::set<std::string> &m_known;
    std::size_t m_globLimit;
    std::map<std::string, Seen> m_seen; ///< by variant
    BaselineUpdate m_update;
    std::size_t m_copied = 0;               ///< bytes of the old text that are dealt with
    std::set<const v1::Result *> m_covered; ///< an entry that stays says it
    std::set<std::string> m_written;        ///< variants with a new entry
    std::map<std::string, std::string> m_before; ///< variant -> why of the entry that went
};

std::vector<const v1::Result *> Updater::resultsOf(const BaselineEntry &entry) const
{
    std::vector<const v1::Result *> found;
    for (const v1::Result &result : m_results) {
        if (globMatches(entry.expected.variant(), result.variant()))
            found.push_back(&result);
    }
    return found;
}

Fate Updater::fateOf(const BaselineEntry &entry) const
{
    const auto results = resultsOf(entry);
    if (results.empty()) {
        const bool isKnown = std::any_of(m_known.begin(), m_known.end(), [&entry](const std::string &id) {
            return globMatches(entry.expected.variant(), id);
        });
        return isKnown ? Fate::Keep : Fate::Remove;
    }
    const auto isAgainst = [&entry](const v1::Result *result) {
        return isJudged(*result) && !fits(entry, *result) && !spares(entry, *result);
    };
    const auto against = std::count_if(results.begin(), results.end(), isAgainst);
    if (against == 0)
        return Fate::Keep;
    const bool isWider = entry.expected.sometimes() && !entry.isGlob(); // the race has one more way to come out
    return isWider || against < static_cast<std::ptrdiff_t>(results.size()) ? Fate::Split : Fate::Remove;
}

std::string Updater::refusal(const BaselineEntry &entry) const
{
    const std::size_t matched = resultsOf(entry).size();
    if (entry.isGlob() && matched > m_globLimit)
        return fmt::format("{}: error: {} matches {} variants, more than {}: narrow it", entry.place,
                           entry.expected.variant(), matched, m_globLimit);
    // In a list every element has the place of the field's name, and a bracket follows that.
    const std::size_t value =
        m_old.text.find_first_not_of(" \t\r\n:", entry.begin + std::string_view("expected").size());
    if (value == std::string::npos || m_old.text[value] == '[')
        return entry.place + ": error: entries in a list cannot be updated: write expected { } for each";
    return {};
}

/// The entry with the comment lines right above it, unless they are the head of the file.
std::size_t Updater::cutBegin(const BaselineEntry &entry) const
{
    std::size_t begin = entry.begin;
    for (;;) {
        const std::size_t lineStart = begin == 0 ? 0 : m_old.text.rfind('\n', begin - 1) + 1;
        const std::string_view before = std::string_view(m_old.text).substr(lineStart, begin - lineStart);
        if (before.find_first_not_of(" \t") != std::string_view::npos)
            return begin; // something else stands on the line
        begin = lineStart;
        if (begin == 0)
            return begin;
        const std::size_t above = begin < 2 ? 0 : m_old.text.rfind('\n', begin - 2) + 1;
        const std::string_view line = std::string_view(m_old.text).substr(above, begin - 1 - above);
        const std::size_t first = line.find_first_not_of(" \t");
        const bool isComment = first != std::string_view::npos && line[first] == '#';
        if (!isComment || line.find("# proto-") != std::string_view::npos || above < m_copied)
            return begin;
        begin = above;
    }
}

std::size_t Updater::cutEnd(const BaselineEntry &entry) const
{
    const std::size_t end = m_old.text.find('\n', entry.end);
    const std::size_t stop = end == std::string::npos ? m_old.text.size() : end + 1;
    const std::string_view rest = std::string_view(m_old.text).substr(entry.end, stop - entry.end);
    const std::size_t first = rest.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos || rest[first] == '#' ? stop : entry.end;
}

void Updater::take(const BaselineEntry &entry)
{
    const Fate fate = fateOf(entry);
    for (const v1::Result *result : resultsOf(entry)) {
        if (fits(entry, *result) || spares(entry, *result))
            m_covered.insert(result);
        else
            m_before[result->variant()] = entry.expected.why();
    }
    if (fate == Fate::Keep)
        return;
    const std::size_t begin = cutBegin(entry);
    m_update.text += m_old.text.substr(m_copied, begin - m_copied);
    m_copied = cutEnd(entry);
    ++m_update.removed;
    if (fate == Fate::Remove)
        return;
    for (const v1::Result *result : resultsOf(entry)) {
        const bool isStill = fits(entry, *result) || (entry.expected.sometimes() && !entry.isGlob() && isNews(*result));
        if (!isStill || !m_written.insert(result->variant()).second)
            continue;
        m_update.text += m_seen[result->variant()].entry(entry.expected.why(), entry.expected);
        ++m_update.added;
    }
}

void Updater::addNew()
{
    for (const v1::Result &result : m_results) {
        if (!isNews(result) || m_covered.count(&result) != 0 || !m_written.insert(result.variant()).second)
            continue;
        const Seen &seen = m_seen[result.variant()];
        m_update.text += '\n' + seen.entry(seen.unexplained(m_before[result.variant()]));
        ++m_update.added;
    }
}

tl::expected<BaselineUpdate, std::string> Updater::updated()
{
    if (m_results.empty()) // nothing ran: that proves nothing about any entry
        return BaselineUpdate{m_old.text, 0, 0};
    for (const BaselineEntry &entry : m_old.entries) {
        if (const std::string refused = refusal(entry); !refused.empty())
            return tl::unexpected(refused);
    }
    for (const BaselineEntry &entry : m_old.entries)
        take(entry);
    m_update.text += m_old.text.substr(m_copied);
    if (m_update.text.empty())
        m_update.text = head;
    else if (m_update.text.back() != '\n')
        m_update.text += '\n';
    addNew();
    return std::move(m_update);
}

} // namespace

tl::expected<BaselineUpdate, std::string> updateBaseline(const Baseline &old, const Results &results,
                                                         const std::set<std::string> &known, std::size_t globLimit)
{
    return Updater(old, results, known, globLimit).updated();
}

} // namespace hiatus::report
