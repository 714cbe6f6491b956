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

std::string written(const v1::Result &result, const std::string &why)
{
    std::string text = fmt::format("expected {{\n  variant: {}\n  verdict: \"{}\"\n", quoted(result.variant()),
                                   verdictName(result.verdict()));
    if (const v1::Finding *finding = leadingFinding(result)) {
        text += fmt::format("  reason: {}\n", quoted(finding->reason()));
        if (!finding->statement().empty())
            text += fmt::format("  statement: {}\n", quoted(finding->statement()));
    }
    return text + fmt::format("  why: {}\n}}\n", quoted(why));
}

std::string unexplained(const v1::Result &result, const std::string &before)
{
    const v1::Finding *finding = leadingFinding(result);
    std::string why = result.verdict() == v1::INCONCLUSIVE ? "unexplained, in set-up: " : "unexplained: ";
    why += finding && !finding->text().empty() ? finding->text() : "seen when the baseline was updated";
    return before.empty() ? why : why + " (before: " + before + ")";
}

/// What a user has to know of and live with: a defect, or a set-up that fails for one. What did not come in time may come next time.
bool isNews(const v1::Result &result)
{
    const v1::Finding *finding = leadingFinding(result);
    const bool isSetup = result.verdict() == v1::INCONCLUSIVE && finding && finding->setup() && !isAbsence(finding->reason());
    return result.verdict() == v1::FAIL || result.verdict() == v1::WARN || isSetup;
}

enum class Fate { Keep, Remove, Split };

class Updater
{
public:
    Updater(const Baseline &old, const Results &results, const std::set<std::string> &known, std::size_t globLimit)
        : m_old(old), m_results(results), m_known(known), m_globLimit(globLimit)
    {
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
    BaselineUpdate m_update;
    std::size_t m_copied = 0;               ///< bytes of the old text that are dealt with
    std::set<const v1::Result *> m_covered; ///< an entry that stays or was split says it
    std::set<std::string> m_written;        ///< variants with a new entry; a repeated run has several results of one
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
    return against < static_cast<std::ptrdiff_t>(results.size()) ? Fate::Split : Fate::Remove;
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
        if (!fits(entry, *result) || !m_written.insert(result->variant()).second)
            continue;
        m_update.text += written(*result, entry.expected.why());
        ++m_update.added;
    }
}

void Updater::addNew()
{
    for (const v1::Result &result : m_results) {
        if (!isNews(result) || m_covered.count(&result) != 0 || !m_written.insert(result.variant()).second)
            continue;
        m_update.text += '\n' + written(result, unexplained(result, m_before[result.variant()]));
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
