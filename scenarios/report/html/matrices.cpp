#include "scenarios/report/html/parts.h"
#include "scenarios/report/html/verdicts.h"
#include "scenarios/requirements/catalogue.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace hiatus::report::html {

namespace {

constexpr std::size_t namedInCell = 4; // variants

void head(Markup &out, const Reports &reports, const char *first)
{
    out.open("thead").open("tr").leaf("th", first, {{"scope", "col"}});
    for (const std::string &name : columnNames(reports))
        out.leaf("th", name, {{"scope", "col"}});
    out.close().close().line();
}

std::string hoverOf(const MatrixCell &cell)
{
    std::string text = cell.verdict == v1::VERDICT_UNSPECIFIED ? "did not run" : verdictName(cell.verdict);
    text += cell.isExpected ? ", as the baseline expects" : "";
    text += cell.isChanged ? ", not what the column before says" : "";
    if (gravity(cell.verdict) <= gravity(v1::PASS))
        return text;
    for (std::size_t i = 0; i < cell.worst.size() && i < namedInCell; ++i)
        text += '\n' + cell.worst[i]->variant();
    return cell.worst.size() > namedInCell ? text + fmt::format("\nand {} more", cell.worst.size() - namedInCell)
                                           : text;
}

/// "12", or "3/12" where the others are better.
std::string shareOf(const MatrixCell &cell)
{
    const std::string all = std::to_string(cell.results.size());
    return cell.worst.size() == cell.results.size() ? all : fmt::format("{}/{}", cell.worst.size(), all);
}

void cell(Markup &out, const MatrixCell &cell, const Anchors &anchors)
{
    const std::string classes = classesOf(cell.verdict, cell.isExpected);
    const auto anchor = cell.worst.empty() ? anchors.end() : anchors.find(cell.worst.front());
    out.open("td", {{"class", cell.isChanged ? "changed" : ""}});
    if (anchor != anchors.end() && gravity(cell.verdict) > gravity(v1::PASS))
        out.leaf("a", letterOf(cell.verdict),
                 {{"class", classes}, {"href", '#' + anchor->second}, {"title", hoverOf(cell)}});
    else
        out.leaf("span", letterOf(cell.verdict), {{"class", classes}, {"title", hoverOf(cell)}});
    if (cell.results.size() > 1)
        out.text(" ").leaf("small", shareOf(cell));
    out.close();
}

/// What the filters look at.
std::string kindsOf(const MatrixRow &row)
{
    std::string kinds = row.isFine() ? "" : "unexpected ";
    for (const MatrixCell &cell : row.cells) {
        if (gravity(cell.verdict) > gravity(v1::PASS))
            kinds += verdictName(cell.verdict) + ' ';
    }
    if (row.isChanged())
        kinds += "changed ";
    if (row.version != v1::VERSION_UNSPECIFIED)
        kinds += row.version == v1::V3 ? "v3" : "v5";
    return kinds;
}

void sectionHead(Markup &out, const MatrixSection &section, std::size_t columns)
{
    out.open("tbody").open("tr", {{"class", "section"}});
    out.leaf("th", section.title, {{"scope", "colgroup"}, {"colspan", std::to_string(columns + 1)}}).close().line();
}

void statementHead(Markup &out, const MatrixRow &row)
{
    out.open("th", {{"scope", "row"}}).leaf("code", row.id);
    out.text(' ' + requirements::roleName(row.role));
    if (row.requirement) {
        out.text(", " + row.requirement->level());
        out.leaf("span", row.requirement->text(), {{"class", "words"}});
    }
    out.close();
}

/// Leads to the case, if there is one.
void letter(Markup &out, const v1::Result &result, const Anchors &anchors)
{
    const auto anchor = anchors.find(&result);
    if (anchor == anchors.end())
        out.text(letterOf(result.verdict()));
    else
        out.leaf("a", letterOf(result.verdict()), {{"href", '#' + anchor->second}});
}

/// All variants of a scenario, one in a line: what each report says of it, and its axes.
void variants(Markup &out, const MatrixRow &row, const Anchors &anchors)
{
    std::vector<std::string> order;
    std::map<std::string, std::vector<std::vector<const v1::Result *>>> told; ///< variant -> by column: several with --repeat
    for (std::size_t column = 0; column < row.cells.size(); ++column) {
        for (const v1::Result *result : row.cells[column].results) {
            auto &columns = told[result->variant()];
            if (columns.empty())
                order.push_back(result->variant());
            columns.resize(row.cells.size());
            columns[column].push_back(result);
        }
    }
    out.open("details", {{"class", "variants"}});
    out.leaf("summary", row.cells.size() > 1 ? "variants, in the order of the columns" : "variants").open("pre");
    for (const std::string &variant : order) {
        for (const auto &results : told[variant]) {
            if (results.empty())
                out.text(letterOf(v1::VERDICT_UNSPECIFIED));
            for (const v1::Result *result : results)
                letter(out, *result, anchors);
            out.text(" ");
        }
        out.text(variant.size() > row.id.size() ? variant.substr(row.id.size()) : variant).line();
    }
    out.close().close();
}

/// A table with a column per report. Its head stays in sight as long as all columns do; more of them are scrolled sideways.
void openTable(Markup &out, const char *kind, std::size_t columns)
{
    constexpr std::size_t fitEasily = 4, fit = 8;
    const char *const room = columns <= fitEasily ? "wide stays" : columns <= fit ? "wide stays dense" : "wide";
    out.open("div", {{"class", room}}).open("table", {{"class", kind}});
}

} // namespace

void statements(Markup &out, const std::vector<MatrixSection> &sections, const Reports &reports, const Anchors &anchors)
{
    openTable(out, "matrix", reports.size());
    head(out, reports, "statement");
    for (const MatrixSection &section : sections) {
        sectionHead(out, section, reports.size());
        for (const MatrixRow &row : section.rows) {
            out.open("tr", {{"data-id", row.id}, {"data-k", kindsOf(row)}});
            statementHead(out, row);
            for (const MatrixCell &each : row.cells)
                cell(out, each, anchors);
            out.close().line();
        }
        out.close();
    }
    out.close().close().line();
}

void scenarios(Markup &out, const std::vector<MatrixSection> &sections, const PageInput &input, const Anchors &anchors)
{
    const auto names = columnNames(input.reports);
    openTable(out, "matrix", names.size());
    head(out, input.reports, "scenario");
    for (const MatrixSection &section : sections) {
        sectionHead(out, section, names.size());
        for (const MatrixRow &row : section.rows) {
            const auto info = input.context.scenarios.find(row.id);
            const std::string title = info == input.context.scenarios.end() ? std::string() : info->second.title;
            out.open("tr", {{"data-id", row.id}, {"data-k", kindsOf(row)}});
            out.open("th", {{"scope", "row"}}).leaf("code", row.id).leaf("span", title, {{"class", "words"}});
            variants(out, row, anchors);
            out.close();
            for (const MatrixCell &each : row.cells)
                cell(out, each, anchors);
            out.close().line();
        }
        out.close();
    }
    out.close().close().line();
}

bool facts(Markup &out, const Reports &reports)
{
    const auto rows = factMatrix(reports);
    if (rows.empty())
        return false;
    const auto names = columnNames(reports);
    openTable(out, "facts", names.size());
    head(out, reports, "fact");
    out.open("tbody");
    for (const auto &[name, values] : rows) {
        std::set<std::string> told(values.begin(), values.end());
        told.erase(std::string()); // nobody knows is no difference
        const bool differs = told.size() > 1;
        out.open("tr", {{"data-id", name}, {"data-k", differs ? "changed" : ""}, {"class", differs ? "differs" : ""}});
        out.leaf("th", name, {{"scope", "row"}});
        for (std::size_t i = 0; i < values.size(); ++i)
            out.leaf("td", values[i].empty() ? "—" : values[i], {{"data-of", names[i]}});
        out.close().line();
    }
    out.close().close().close().line();
    return true;
}

} // namespace hiatus::report::html
