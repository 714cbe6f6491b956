#include "scenarios/report/html/page.h"

#include "scenarios/report/html/assets.h"
#include "scenarios/report/html/cases.h"
#include "scenarios/report/html/ladderdrawing.h"
#include "scenarios/report/html/parts.h"
#include "scenarios/report/html/source.h"
#include "scenarios/report/html/verdicts.h"

#include <fmt/format.h>

#include <functional>
#include <set>

namespace hiatus::report {

namespace {

using html::Markup;

/// A part of the page; with script, a tab.
struct Tab
{
    std::string id;
    std::string title;
    std::string body;
};

std::string titleOf(const Reports &reports)
{
    return fmt::format("{} · Hiatus", fmt::join(columnNames(reports), ", "));
}

std::string filters(const Reports &reports)
{
    Markup out;
    out.open("form", {{"id", "filters"}, {"role", "search"}});
    out.open("label").text("find ");
    out.single("input", {{"id", "q"}, {"type", "search"}, {"placeholder", "statement, scenario, word  ( / )"}}).close();
    const auto choice = [&out](const char *id, const char *label,
                               std::initializer_list<std::pair<const char *, const char *>> values) {
        out.open("label").text(label).open("select", {{"id", id}});
        for (const auto &[value, words] : values)
            out.open("option", {{"value", value}}).text(words).close();
        out.close().close();
    };
    if (reports.size() > 1)
        choice("show", "show ",
               {{"all", "everything"}, {"bad", "not fine"}, {"unexpected", "unexpected"}, {"changed", "what differs"}});
    else
        choice("show", "show ", {{"all", "everything"}, {"bad", "not fine"}, {"unexpected", "unexpected"}});
    choice("version", "version ", {{"both", "both"}, {"v3", "3.1.1"}, {"v5", "5.0"}});
    out.leaf("span", "", {{"id", "hits"}, {"role", "status"}});
    return out.close().line().written();
}

std::string told(const PageInput &input, const PageOptions &options, std::size_t before,
                 const std::vector<html::Case> &all, std::vector<PageFile> &files)
{
    PageOptions rest = options;
    rest.bytes -= std::min(rest.bytes, before);
    Markup out;
    out.raw(html::drawingLegend());
    out.leaf("p", "j and k walk from case to case, / finds, Escape closes.", {{"class", "keys"}}).line();
    html::cases(out, all, input, rest, files);
    return out.written();
}

std::vector<Tab> tabsOf(const PageInput &input, const PageOptions &options, std::vector<PageFile> &files)
{
    const auto all = html::casesOf(input.reports);
    const auto anchors = html::anchorsOf(all);
    std::vector<Tab> tabs;
    const auto add = [&tabs](const char *id, std::string title, const std::function<bool(Markup &)> &write) {
        Markup out;
        if (write(out))
            tabs.push_back({id, std::move(title), out.written()});
    };
    const auto statements = statementMatrix(input.reports, input.context);
    add("statements", "Statements", [&](Markup &out) {
        html::statements(out, statements, input.reports, anchors);
        return !statements.empty();
    });
    add("scenarios", "Scenarios", [&](Markup &out) {
        html::scenarios(out, scenarioMatrix(input.reports), input, anchors);
        return true;
    });
    add("facts", "Facts", [&](Markup &out) { return html::facts(out, input.reports); });
    add("ledger", "Ledger", [&](Markup &out) { return html::ledger(out, input); });
    add("kills", "Kills", [&](Markup &out) { return html::mutants(out, input); });
    std::size_t before = html::pageStyle().size() + html::pageScript().size();
    for (const Tab &tab : tabs)
        before += tab.body.size();
    if (!all.empty()) {
        const auto place = tabs.begin() + (statements.empty() ? 1 : 2);
        tabs.insert(place, {"cases", fmt::format("Cases ({})", all.size()), told(input, options, before, all, files)});
    }
    return tabs;
}

void writeHead(Markup &out, const Reports &reports)
{
    out.raw("<!DOCTYPE html>\n").open("html", {{"lang", "en"}}).open("head").line();
    out.single("meta", {{"charset", "utf-8"}}).line();
    // Nothing is fetched, by promise and by policy.
    out.single("meta", {{"http-equiv", "Content-Security-Policy"},
                        {"content",
                         "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"}});
    out.single("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}).line();
    out.single("meta", {{"name", "color-scheme"}, {"content", "light dark"}}).line();
    out.single("link", {{"rel", "icon"}, {"href", "data:,"}}).line();
    out.leaf("title", titleOf(reports)).line();
    out.open("script")
        .raw("document.documentElement.classList.add('js')")
        .close()
        .line(); // before there is anything to hide
    out.open("style").raw(html::pageStyle()).close().line().close().line();
}

std::string index(const PageInput &input, const std::vector<Tab> &tabs)
{
    Markup out;
    writeHead(out, input.reports);
    out.open("body").line();
    html::header(out, input);
    html::legend(out, input.reports.size() > 1);
    out.open("nav", {{"id", "tabs"}});
    for (const Tab &tab : tabs)
        out.leaf("a", tab.title, {{"href", '#' + tab.id}, {"data-tab", tab.id}});
    out.close().line();
    out.raw(filters(input.reports)).open("main").line();
    for (const Tab &tab : tabs) {
        out.open("section", {{"id", tab.id}, {"class", "tab"}}).leaf("h2", tab.title).line();
        out.raw(tab.body).close().line();
    }
    out.close().line();
    out.open("script").raw(html::pageScript()).close().line().close().line().close().line();
    return out.written();
}

} // namespace

std::vector<PageFile> toPage(const PageInput &input, const PageOptions &options)
{
    std::vector<PageFile> files(1);
    const auto tabs = tabsOf(input, options, files);
    files.front() = {"index.html", index(input, tabs)};
    return files;
}

std::map<std::string, std::string> sourceFiles(const Reports &reports, const Context &context)
{
    std::map<std::string, std::string> files;
    for (const v1::Report *report : reports) {
        for (const v1::Result &result : report->result()) {
            if (gravity(result.verdict()) <= gravity(v1::PASS) && result.trace().event_size() == 0)
                continue;
            const auto info = context.scenarios.find(result.scenario());
            if (info != context.scenarios.end())
                files.emplace(html::houseFile(info->second.file), info->second.file);
            for (const v1::Finding &finding : result.finding()) {
                const auto [file, line] = html::placeOf(finding.at());
                if (line > 0)
                    files.emplace(html::houseFile(file), file);
            }
        }
    }
    return files;
}

std::vector<std::string> variantsToCompare(const Reports &reports)
{
    std::vector<std::string> variants;
    std::set<std::string> seen; // in several reports
    for (const v1::Report *report : reports) {
        for (const v1::Result &result : report->result()) {
            if (gravity(result.verdict()) > gravity(v1::PASS) && result.trace().event_size() > 0 && seen.insert(result.variant()).second)
                variants.push_back(result.variant());
        }
    }
    return variants;
}

} // namespace hiatus::report
