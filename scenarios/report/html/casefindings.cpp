#include "scenarios/report/html/casefindings.h"

#include "scenarios/report/counts.h"
#include "scenarios/report/html/source.h"
#include "scenarios/report/reasons.h"
#include "scenarios/report/witness.h"
#include "scenarios/requirements/catalogue.h"
#include "scenarios/requirements/sections.h"

#include <fmt/format.h>

#include <vector>

namespace hiatus::report::html {

namespace {

void statement(Markup &out, const v1::Finding &finding, const Context &context)
{
    const auto *catalogue = context.catalogue;
    const v1::Requirement *row =
        catalogue ? catalogue->find(finding.version(), finding.statement(), finding.role()) : nullptr;
    if (!row) {
        if (const auto meaning = meaningOf(finding.reason()); !meaning.empty())
            out.leaf("p", meaning);
        return;
    }
    const std::string section = requirements::sectionOf(row->id());
    out.open("blockquote").text(row->text()).open("footer");
    out.text(fmt::format("MQTT {} {}{} {} · {} · {}, {} · our words", requirements::versionName(row->version()),
                           section.empty() || section.front() > '9' ? "" : "§ ", section,
                           requirements::sectionTitle(row->version(), section), row->id(), row->level(),
                           requirements::roleName(finding.role())));
    out.close().close().line();
}

void told(Markup &out, const v1::Finding &finding, const v1::Result &result, const Context &context)
{
    out.open("div", {{"class", "finding " + severityName(finding.severity())}});
    out.open("h4").leaf("code", finding.reason()).text(' ' + finding.field() + ' ' + citation(finding));
    out.text(finding.setup() ? " in set-up" : "").close();
    out.leaf("p", witnessOf(finding, result.trace(), versionOf(result)), {{"class", "verdict"}});
    statement(out, finding, context);
    if (!finding.expected().empty() || !finding.actual().empty()) {
        out.open("table", {{"class", "diff"}}).open("tr");
        for (const char *head : {"check", "expected", "actual", "script"})
            out.leaf("th", head, {{"scope", "col"}});
        out.close().open("tr").leaf("td", finding.field().empty() ? "the packet" : finding.field());
        out.open("td").leaf("ins", finding.expected().empty() ? "nothing" : finding.expected()).close();
        out.open("td").leaf("del", finding.actual().empty() ? "nothing" : finding.actual()).close();
        out.leaf("td", houseFile(finding.at())).close().close();
    }
    out.close().line();
}

} // namespace

void findingsOf(Markup &out, const v1::Result &result, const Context &context)
{
    std::vector<const v1::Finding *> consequent;
    for (const v1::Finding *each : findingsByWeight(result)) {
        if (each->consequent())
            consequent.push_back(each);
        else
            told(out, *each, result, context);
    }
    if (consequent.empty())
        return;
    out.open("details").leaf("summary", counted(consequent.size(), "finding") + " that follow from it");
    for (const v1::Finding *each : consequent)
        told(out, *each, result, context);
    out.close().line();
}

} // namespace hiatus::report::html
