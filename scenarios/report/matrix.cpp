#include "scenarios/report/matrix.h"

#include "scenarios/report/counts.h"
#include "scenarios/requirements/catalogue.h"
#include "scenarios/requirements/sectionorder.h"
#include "scenarios/requirements/sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace hiatus::report {

namespace {

/// Settles a cell; `verdictOf` is what each result says about the row, unspecified if nothing.
template <typename VerdictOf> void settle(MatrixCell &cell, const VerdictOf &verdictOf)
{
    std::erase_if(cell.results,
                  [&](const v1::Result *result) { return verdictOf(*result) == v1::VERDICT_UNSPECIFIED; });
    for (const v1::Result *result : cell.results) {
        const v1::Verdict verdict = verdictOf(*result);
        if (gravity(verdict) > gravity(cell.verdict)) {
            cell.verdict = verdict;
            cell.worst.clear();
        }
        if (verdict == cell.verdict)
            cell.worst.push_back(result);
    }
    const bool isForeseen = std::all_of(cell.worst.begin(), cell.worst.end(), [](const v1::Result *result) {
        return result->has_expected() && isAsExpected(*result);
    });
    cell.isExpected = isForeseen && gravity(cell.verdict) > gravity(v1::PASS);
}

void markChanges(MatrixRow &row)
{
    const MatrixCell *before = nullptr;
    for (MatrixCell &cell : row.cells) {
        if (cell.verdict == v1::VERDICT_UNSPECIFIED)
            continue;
        cell.isChanged = before && before->verdict != cell.verdict;
        before = &cell;
    }
}

class StatementRows
{
public:
    StatementRows(const Reports &reports, const Context &context) : m_reports(reports), m_context(context) {}

    std::vector<MatrixSection> sections();

private:
    /// Statements of both roles have one number; a row is about one of them.
    using Key = std::tuple<v1::Version, std::string, v1::Role>;

    struct Before
    {
        bool operator()(const Key &a, const Key &b) const
        {
            if (std::get<0>(a) != std::get<0>(b))
                return std::get<0>(a) < std::get<0>(b);
            if (std::get<1>(a) != std::get<1>(b))
                return requirements::standsBefore(std::get<1>(a), std::get<1>(b));
            return std::get<2>(a) < std::get<2>(b);
        }
    };

    using Charges = std::map<const v1::Result *, v1::Verdict>;

    MatrixRow &rowOf(const v1::Finding &finding);
    MatrixRow &rowOf(const Key &key);
    void collectLedger();
    void collectFindings(std::size_t column);
    void collectKept(std::size_t column);

    const Reports &m_reports;
    const Context &m_context;
    std::map<Key, MatrixRow, Before> m_rows;
    std::map<Key, std::vector<Charges>> m_charges;
};

MatrixRow &StatementRows::rowOf(const Key &key)
{
    MatrixRow &row = m_rows[key];
    if (row.cells.empty()) {
        std::tie(row.version, row.id, row.role) = key;
        row.cells.resize(m_reports.size());
        row.requirement = m_context.catalogue ? m_context.catalogue->find(row.version, row.id, row.role) : nullptr;
        m_charges[key].resize(m_reports.size());
    }
    return row;
}

/// A finding without a role is about whoever the row is about.
MatrixRow &StatementRows::rowOf(const v1::Finding &finding)
{
    for (const v1::Role role : {finding.role(), v1::SERVER, v1::CLIENT, v1::PAIR}) {
        const auto found = m_rows.find({finding.version(), finding.statement(), role});
        const bool isMeant = role == finding.role() || finding.role() == v1::ROLE_UNSPECIFIED || role == v1::PAIR;
        if (found != m_rows.end() && isMeant)
            return found->second;
    }
    return rowOf({finding.version(), finding.statement(), finding.role()});
}

void StatementRows::collectLedger()
{
    for (const v1::Report *report : m_reports) {
        for (const v1::LedgerEntry &entry : report->ledger()) {
            MatrixRow &row = rowOf({entry.version(), entry.statement(), entry.role()});
            row.scenarios.assign(entry.scenario().begin(), entry.scenario().end());
        }
    }
}

void StatementRows::collectFindings(std::size_t column)
{
    for (const v1::Result &result : m_reports[column]->result()) {
        for (const v1::Finding &finding : result.finding()) {
            if (finding.setup() || finding.consequent() || finding.statement().empty())
                continue;
            const MatrixRow &row = rowOf(finding);
            v1::Verdict &charge = m_charges[{row.version, row.id, row.role}][column][&result];
            if (finding.severity() == v1::SEVERITY_FAIL)
                charge = v1::FAIL;
            else if (finding.severity() == v1::SEVERITY_WARN && charge != v1::FAIL)
                charge = v1::WARN;
        }
    }
}

void StatementRows::collectKept(std::size_t column)
{
    std::map<std::pair<std::string, v1::Version>, std::vector<const v1::Result *>> byScenario;
    for (const v1::Result &result : m_reports[column]->result())
        byScenario[{result.scenario(), versionOf(result)}].push_back(&result);
    for (auto &[key, row] : m_rows) {
        MatrixCell &cell = row.cells[column];
        const Charges &charges = m_charges[key][column];
        std::set<const v1::Result *> seen;
        const auto add = [&](const v1::Result *result) {
            if (seen.insert(result).second)
                cell.results.push_back(result);
        };
        for (const std::string &scenario : row.scenarios) {
            const auto found = byScenario.find({scenario, row.version});
            if (found != byScenario.end())
                std::for_each(found->second.begin(), found->second.end(), add);
        }
        for (const v1::Result &result : m_reports[column]->result()) { // in its order, not in that of addresses
            if (charges.count(&result) > 0)
                add(&result);
        }
        settle(cell, [&charges](const v1::Result &result) {
            if (result.verdict() != v1::FAIL && result.verdict() != v1::WARN)
                return result.verdict();
            const auto charged =
                charges.find(&result); // else it broke another statement: that says nothing of this one
            return charged == charges.end() ? v1::VERDICT_UNSPECIFIED : charged->second;
        });
    }
}

std::vector<MatrixSection> StatementRows::sections()
{
    collectLedger();
    for (std::size_t i = 0; i < m_reports.size(); ++i)
        collectFindings(i);
    for (std::size_t i = 0; i < m_reports.size(); ++i)
        collectKept(i);
    std::vector<MatrixSection> sections;
    for (auto &[key, row] : m_rows) {
        if (!row.isRun())
            continue;
        markChanges(row);
        const std::string section = requirements::sectionOf(row.id);
        const std::string title = fmt::format("{} {}{} {}", requirements::versionName(row.version),
                                              !section.empty() && section.front() <= '9' ? "§ " : "", section,
                                              requirements::sectionTitle(row.version, section));
        if (sections.empty() || sections.back().title != title)
            sections.push_back({title, {}});
        sections.back().rows.push_back(std::move(row));
    }
    return sections;
}

} // namespace

int gravity(v1::Verdict verdict)
{
    switch (verdict) {
    case v1::VERDICT_UNSPECIFIED:
        return 0;
    case v1::SKIP:
        return 1;
    case v1::PASS:
        return 2;
    case v1::INCONCLUSIVE:
        return 3;
    case v1::WARN:
        return 4;
    case v1::FAIL:
        return 5;
    default:
        return 6;
    }
}

bool MatrixRow::isRun() const
{
    return std::any_of(cells.begin(), cells.end(),
                       [](const MatrixCell &cell) { return cell.verdict != v1::VERDICT_UNSPECIFIED; });
}

bool MatrixRow::isFine() const
{
    return std::all_of(cells.begin(), cells.end(), [](const MatrixCell &cell) {
        return cell.isExpected || gravity(cell.verdict) <= gravity(v1::PASS);
    });
}

bool MatrixRow::isChanged() const
{
    return std::any_of(cells.begin(), cells.end(), [](const MatrixCell &cell) { return cell.isChanged; });
}

std::vector<MatrixSection> statementMatrix(const Reports &reports, const Context &context)
{
    return StatementRows(reports, context).sections();
}

std::vector<MatrixSection> scenarioMatrix(const Reports &reports)
{
    std::map<std::string, MatrixRow> rows;
    for (std::size_t i = 0; i < reports.size(); ++i) {
        for (const v1::Result &result : reports[i]->result()) {
            MatrixRow &row = rows[result.scenario()];
            row.id = result.scenario();
            row.cells.resize(reports.size());
            row.cells[i].results.push_back(&result);
        }
    }
    std::vector<MatrixSection> sections;
    for (auto &[scenario, row] : rows) {
        for (MatrixCell &cell : row.cells)
            settle(cell, [](const v1::Result &result) { return result.verdict(); });
        markChanges(row);
        const std::string topic = topicOf(scenario);
        if (sections.empty() || sections.back().title != topic)
            sections.push_back({topic, {}});
        sections.back().rows.push_back(std::move(row));
    }
    return sections;
}

namespace {

/// "mosquitto 2.0.11" of "mosquitto" and "mosquitto version 2.0.11": nothing is said twice.
std::string namedWithVersion(const std::string &name, std::string version)
{
    for (const std::string &word : {name + ' ', std::string("version ")}) {
        if (version.size() > word.size() && version.compare(0, word.size(), word) == 0)
            version.erase(0, word.size());
    }
    return name.find(version) == std::string::npos ? name + ' ' + version : name;
}

} // namespace

std::vector<std::string> columnNames(const Reports &reports)
{
    std::vector<std::string> names;
    std::map<std::string, int> times;
    for (const v1::Report *report : reports)
        ++times[report->target()];
    std::map<std::string, int> taken;
    for (const v1::Report *report : reports) {
        std::string name = report->target().empty() ? "target" : report->target();
        if (!report->target_version().empty())
            name = namedWithVersion(name, report->target_version());
        const int number = ++taken[name];
        const bool isAlone = number == 1 && (times[report->target()] == 1 || !report->target_version().empty());
        names.push_back(isAlone ? name : fmt::format("{} #{}", name, number));
    }
    return names;
}

std::vector<std::pair<std::string, std::vector<std::string>>> factMatrix(const Reports &reports)
{
    std::map<std::string, std::vector<std::set<std::string>>> rows;
    const auto add = [&](const std::string &name, std::size_t column, const std::string &value) {
        auto &cells = rows[name];
        cells.resize(reports.size());
        cells[column].insert(value);
    };
    for (std::size_t i = 0; i < reports.size(); ++i) {
        for (const v1::Fact &fact : reports[i]->fact())
            add(fact.name(), i, fact.value());
        for (const v1::CapabilityFound &found : reports[i]->capability())
            add("capability " + found.name() +
                    (found.has_version() ? ' ' + requirements::versionName(found.version()) : std::string()),
                i, found.present() ? "yes" : "no");
    }
    std::vector<std::pair<std::string, std::vector<std::string>>> facts;
    for (const auto &[name, cells] : rows) {
        std::vector<std::string> values;
        for (const auto &cell : cells)
            values.push_back(fmt::format("{}", fmt::join(cell, ", ")));
        facts.emplace_back(name, std::move(values));
    }
    return facts;
}

} // namespace hiatus::report
