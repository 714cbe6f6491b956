#include "scenarios/report/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace hiatus::report {

namespace {

constexpr std::size_t namedAtMost = 3;

/// What became of one entry.
struct Fate
{
    bool isMatched = false;           ///< a result has its id
    bool isJudged = false;            ///< and says something about the target
    bool isNeeded = false;            ///< and is as the entry says
    std::vector<std::string> against; ///< what came instead
    bool hasPassed = false;           ///< what it is about passes
    std::string overlaps;             ///< "VARIANT, as does the entry at PLACE": another one that fits the same result
};

std::string instead(const BaselineEntry &entry, const v1::Result &result)
{
    if (result.verdict() == v1::PASS)
        return result.variant() + " passes";
    if (result.verdict() != entry.verdict)
        return fmt::format("{} is {}, not {}", result.variant(), verdictName(result.verdict()),
                           verdictName(entry.verdict));
    const v1::Finding *finding = leadingFinding(result);
    return fmt::format("{} is {} for another reason, {} {}", result.variant(), verdictName(result.verdict()),
                       finding ? finding->reason() : "none", finding ? citation(*finding) : "");
}

/// Sets what is expected of one result and notes it in the fates of the entries about it.
void applyTo(v1::Result &result, const Baseline &baseline, std::vector<Fate> &fates)
{
    const BaselineEntry *nearest = nullptr;
    bool isFitted = false;
    std::string fitting; // where the entry stands that fits first
    for (std::size_t i = 0; i < baseline.entries.size(); ++i) {
        const BaselineEntry &entry = baseline.entries[i];
        if (!globMatches(entry.expected.variant(), result.variant()))
            continue;
        fates[i].isMatched = true;
        fates[i].isJudged = fates[i].isJudged || isJudged(result);
        const bool fitsEntry = fits(entry, result);
        fates[i].isNeeded = fates[i].isNeeded || (fitsEntry && !isFitted);
        if (!fitsEntry && isJudged(result) && !spares(entry, result))
            fates[i].against.push_back(instead(entry, result));
        fates[i].hasPassed = fates[i].hasPassed || result.verdict() == v1::PASS;
        if (fitsEntry && !fitting.empty() && fates[i].overlaps.empty())
            fates[i].overlaps = result.variant() + ", as does the entry at " + fitting;
        if (fitsEntry && fitting.empty())
            fitting = entry.place;
        if (!nearest || (fitsEntry && !isFitted))
            nearest = &entry;
        isFitted = isFitted || fitsEntry;
    }
    // The verdict for another reason is a surprise: nothing is expected of it then.
    const bool isSpared = nearest && !isFitted && spares(*nearest, result);
    if (isSpared && result.verdict() != v1::PASS)
        result.set_expected(result.verdict());
    else if (nearest && !isSpared && (isFitted || nearest->verdict != result.verdict()))
        result.set_expected(nearest->verdict);
}

std::string listed(const std::vector<std::string> &items)
{
    std::string text;
    for (std::size_t i = 0; i < items.size() && i < namedAtMost; ++i)
        text += (i == 0 ? "" : "; ") + items[i];
    return items.size() > namedAtMost ? text + fmt::format("; and {} more", items.size() - namedAtMost) : text;
}

constexpr const char *removal = "; edit: remove the entry";

/// How to repair an entry that no longer describes what comes.
std::string editOf(const Fate &fate, const BaselineEntry &entry)
{
    if (fate.isNeeded)
        return "; edit: narrow " + entry.expected.variant() + " to what still is so";
    const std::string edit = fate.hasPassed ? removal : "; edit: write what comes now, and why";
    return edit + ", or if it is a race say `sometimes: true` (--baseline-update --repeat 3 does)";
}

/// The places in a glob where one may stand after so much of an id: linear in both, whatever the stars and braces.
class GlobRun
{
public:
    explicit GlobRun(std::string_view glob) : m_glob(glob), m_isHere(glob.size() + 1) { reach(m_isHere, 0); }

    bool takes(std::string_view id)
    {
        for (const char c : id)
            take(c);
        return m_isHere[m_glob.size()];
    }

private:
    using Places = std::vector<bool>;

    void take(char c)
    {
        Places after(m_glob.size() + 1);
        for (std::size_t at = 0; at < m_glob.size(); ++at) {
            if (!m_isHere[at])
                continue;
            if (m_glob[at] == '*')
                reach(after, at);
            else if (m_glob[at] == '?' || m_glob[at] == c)
                reach(after, at + 1);
        }
        m_isHere = std::move(after);
    }

    /// Stands there, and wherever one gets without a character: past a star, into each alternative, out of one.
    void reach(Places &places, std::size_t at) const
    {
        if (places[at])
            return;
        const char next = at < m_glob.size() ? m_glob[at] : '\0';
        const std::size_t open = m_glob.substr(0, at).find_last_of("{}");
        const bool isInside = open != std::string_view::npos && m_glob[open] == '{';
        if (next == '{') {
            const std::size_t end = std::min(m_glob.find('}', at), m_glob.size());
            for (std::size_t comma = at; comma < end; comma = std::min(m_glob.find(',', comma + 1), end))
                reach(places, comma + 1);
        } else if (isInside && (next == ',' || next == '}')) {
            reach(places, std::min(m_glob.find('}', at), m_glob.size() - 1) + 1);
        } else {
            places[at] = true;
            if (next == '*')
                reach(places, at + 1);
        }
    }

    std::string_view m_glob;
    Places m_isHere;
};

bool isAnyKnown(const std::string &glob, const std::set<std::string> &known)
{
    return std::any_of(known.begin(), known.end(), [&glob](const std::string &id) { return globMatches(glob, id); });
}

} // namespace

std::string dateOfToday()
{
    const auto days = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    const std::chrono::year_month_day date(days);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

bool BaselineEntry::isGlob() const
{
    return expected.variant().find_first_of("*?{") != std::string::npos;
}

bool globMatches(std::string_view glob, std::string_view id)
{
    const std::size_t special = std::min(glob.find_first_of("*?{"), glob.size());
    if (id.substr(0, special) != glob.substr(0, special))
        return false;
    return GlobRun(glob).takes(id);
}

bool isJudged(const v1::Result &result)
{
    return result.verdict() == v1::PASS || result.verdict() == v1::FAIL || result.verdict() == v1::WARN;
}

bool fits(const BaselineEntry &entry, const v1::Result &result)
{
    if (entry.verdict != result.verdict())
        return false;
    const v1::Finding *finding = leadingFinding(result);
    const auto says = [finding](const std::string &glob, const std::string &(v1::Finding::*what)() const) {
        return glob.empty() || (finding && globMatches(glob, (finding->*what)()));
    };
    return says(entry.expected.reason(), &v1::Finding::reason) && says(entry.expected.statement(), &v1::Finding::statement);
}

bool spares(const BaselineEntry &entry, const v1::Result &result)
{
    if (!entry.expected.sometimes() || result.verdict() == v1::PASS || result.verdict() == v1::INCONCLUSIVE)
        return entry.expected.sometimes();
    const v1::Finding *finding = leadingFinding(result);
    return entry.verdict == v1::FAIL && result.verdict() == v1::WARN && finding &&
           (entry.expected.reason().empty() || globMatches(entry.expected.reason(), finding->reason()));
}

std::vector<std::string> applyBaseline(const Baseline &baseline, Results &results, const std::set<std::string> &known,
                                       const std::string &today)
{
    std::vector<Fate> fates(baseline.entries.size());
    for (v1::Result &result : results)
        applyTo(result, baseline, fates);

    std::vector<std::string> problems;
    for (std::size_t i = 0; i < fates.size(); ++i) {
        const BaselineEntry &entry = baseline.entries[i];
        const std::string &id = entry.expected.variant();
        if (!fates[i].isMatched && !isAnyKnown(id, known))
            problems.push_back(fmt::format("{}: unmatched: there is no variant {}{}", entry.place, id, removal));
        else if (!fates[i].against.empty())
            problems.push_back(fmt::format("{}: stale: {}{}", entry.place, listed(fates[i].against), editOf(fates[i], entry)));
        else if (fates[i].isJudged && !fates[i].isNeeded && !entry.expected.sometimes())
            problems.push_back(fmt::format("{}: stale: an entry before it covers {} already{}", entry.place, id, removal));
        else if (!fates[i].overlaps.empty())
            problems.push_back(fmt::format("{}: overlapping: it covers {}; edit: narrow one of them", entry.place, fates[i].overlaps));
        if (!today.empty() && !entry.expected.until().empty() && entry.expected.until() < today)
            problems.push_back(fmt::format("{}: expired: expected until {}; edit: look at it again, then set a later date or remove the entry",
                                           entry.place, entry.expected.until()));
    }
    return problems;
}

} // namespace hiatus::report
