#include "scenarios/report/html/casesection.h"

#include "scenarios/report/counts.h"
#include "scenarios/report/html/casefindings.h"
#include "scenarios/report/html/ladderdrawing.h"
#include "scenarios/report/html/relative.h"
#include "scenarios/report/html/source.h"
#include "scenarios/report/html/verdicts.h"
#include "scenarios/report/reasons.h"

#include <fmt/format.h>

#include <utility>

namespace hiatus::report::html {

namespace {

class Section
{
public:
    explicit Section(const CaseView &view) : m_view(view), m_result(*view.shown->result) {}

    std::string written();
    std::string shell(const std::string &packed);
    std::vector<std::string> parts();
    std::string line();
    std::string mention(const v1::Result &told);

private:
    void open(const std::string &packed);
    void summary();
    void about();
    void ladders();
    void ladderOf(const v1::Result &result, const char *title, const std::string &target);
    void asText();
    void script();
    void targetLog();
    void ways();
    LadderOptions ladderOptions(const v1::Result &result, const std::string &target) const;

    const CaseView &m_view;
    const v1::Result &m_result;
    Markup m_out;
};

std::string becauseOf(const v1::Result &result)
{
    const v1::Finding *finding = leadingFinding(result);
    if (finding && !finding->text().empty())
        return finding->text();
    if (!result.skipped_for().empty())
        return result.skipped_for();
    return result.trace().harness_error().empty() ? result.trace().target_gone() : result.trace().harness_error();
}

/// "new", "expected", "stale" against the baseline.
std::string stateOf(const v1::Result &result)
{
    if (!result.has_expected())
        return {};
    if (isAsExpected(result))
        return "as the baseline expects";
    return "the baseline expects " + verdictName(result.expected());
}

void Section::summary()
{
    m_out.open("summary");
    badge(m_out, m_result);
    m_out.text(" ").open("span", {{"class", "id"}});
    const std::size_t bracket = std::min(m_result.variant().find('['), m_result.variant().size());
    m_out.text(m_result.variant().substr(0, bracket));
    m_out.leaf("small", m_result.variant().substr(bracket)).close();
    if (!m_view.column.empty())
        m_out.text(" ").leaf("span", m_view.column, {{"class", "target"}});
    const v1::Finding *finding = leadingFinding(m_result);
    if (finding)
        m_out.text(" ").leaf("span",
                             finding->reason() + (finding->field().empty() ? "" : ' ' + finding->field()) + ' ' +
                                 citation(*finding),
                             {{"class", "why"}});
    m_out.leaf("span", becauseOf(m_result), {{"class", "witness"}});
    m_out.close().line();
}

void Section::about()
{
    const auto info = m_view.input->context.scenarios.find(m_result.scenario());
    if (info != m_view.input->context.scenarios.end())
        m_out.leaf("p", info->second.title, {{"class", "title"}});
    m_out.open("dl", {{"class", "about"}});
    const auto pair = [this](const char *name, const std::string &value) {
        if (!value.empty())
            m_out.leaf("dt", name).leaf("dd", value);
    };
    pair("took", duration(m_result.duration()));
    pair("baseline", stateOf(m_result));
    pair("because", m_result.skipped_for());
    pair("harness", m_result.trace().harness_error());
    pair("target", m_result.trace().target_gone());
    pair("run again", m_result.confirmation());
    pair("flaky", m_result.flaky());
    pair("profile", m_result.overridden() ? "overrides a capability that decided what ran" : "");
    for (const v1::Fact &fact : m_result.fact())
        pair("fact", fact.name() + '=' + fact.value());
    m_out.close().line();
}

LadderOptions Section::ladderOptions(const v1::Result &result, const std::string &target) const
{
    LadderOptions drawing;
    drawing.rows = m_view.options->ladderRows;
    drawing.version = versionOf(result);
    drawing.target = target;
    for (const v1::Finding &finding : result.finding())
        drawing.findings.push_back(&finding);
    return drawing;
}

void Section::ladderOf(const v1::Result &result, const char *title, const std::string &target)
{
    const std::string drawn = ladderDrawing(result.trace(), ladderOptions(result, target));
    if (drawn.empty())
        return;
    m_out.open("figure").leaf("figcaption", title).open("div", {{"class", "wide"}, {"tabindex", "0"}});
    m_out.raw(drawn).close().close().line();
}

void Section::ladders()
{
    const auto reference = m_view.input->references.find(m_result.variant());
    m_out.open("div", {{"class", "pair"}});
    ladderOf(m_result, "What happened", "target");
    if (reference != m_view.input->references.end())
        ladderOf(reference->second, "The same on the reference broker", "reference");
    m_out.close();
}

void Section::asText()
{
    const std::string text = ladder(m_result.trace(), ladderOptions(m_result, "target"));
    if (text.empty())
        return;
    m_out.open("details").leaf("summary", "as text, to paste").open("pre", {{"class", "wide"}});
    m_out.text(text).close().close().line();
}

void Section::script()
{
    std::map<std::string, std::set<int>> marked;
    const auto info = m_view.input->context.scenarios.find(m_result.scenario());
    if (info != m_view.input->context.scenarios.end())
        marked[houseFile(info->second.file)];
    for (const v1::Finding &finding : m_result.finding()) {
        const auto [file, line] = placeOf(finding.at());
        if (line > 0)
            marked[houseFile(file)].insert(line);
    }
    for (const auto &[file, lines] : marked) {
        const auto text = m_view.input->sources.find(file);
        if (text == m_view.input->sources.end())
            continue;
        m_out.open("details").open("summary").text("script ").leaf("code", file).close();
        source(m_out, text->second, lines);
        m_out.close().line();
    }
}

void Section::targetLog()
{
    if (m_result.target_log().empty())
        return;
    m_out.open("details").leaf("summary", "what the target wrote into its log meanwhile");
    m_out.leaf("pre", m_result.target_log(), {{"class", "wide"}}).close().line();
}

void Section::ways()
{
    m_out.open("p", {{"class", "ways"}});
    if (!m_result.rerun().empty())
        m_out.text("run it again: ").leaf("code", m_result.rerun(), {{"class", "copy"}});
    if (!m_view.trace.empty())
        m_out.text(" ").leaf("a", "download the trace", {{"href", m_view.trace}, {"download", "trace.json"}});
    m_out.close().line();
}

void Section::open(const std::string &packed)
{
    m_out.open("details", {{"class", packed.empty() ? "case" : "case packed"},
                           {"data-id", m_result.variant() + ' ' + m_view.column},
                           {"data-k", kindsOf(m_result)},
                           {"data-in", packed}});
    summary();
    m_out.open("div", {{"id", m_view.shown->anchor}, {"class", "body"}}).line();
}

std::vector<std::string> Section::parts()
{
    std::vector<std::string> parts;
    const auto end = [&] { parts.push_back(std::exchange(m_out, {}).written()); };
    about();
    findingsOf(m_out, m_result, m_view.input->context);
    end();
    ladders();
    parts.push_back(relativeRows(std::exchange(m_out, {}).written()));
    asText();
    end();
    script();
    end();
    targetLog();
    end();
    return parts;
}

std::string Section::written()
{
    open({});
    about();
    findingsOf(m_out, m_result, m_view.input->context);
    ladders();
    asText();
    script();
    targetLog();
    ways();
    m_out.close().close().line();
    return m_out.written();
}

std::string Section::shell(const std::string &packed)
{
    open(packed);
    ways();
    m_out.close().close().line();
    return m_out.written();
}


std::string Section::line()
{
    m_out.open("div", {{"class", "brief"},
                       {"id", m_view.shown->anchor},
                       {"data-id", m_result.variant() + ' ' + m_view.column},
                       {"data-k", kindsOf(m_result)}});
    badge(m_out, m_result);
    m_out.text(' ' + m_result.variant() + ' ' + m_view.column + ' ').leaf("small", becauseOf(m_result));
    if (!m_result.rerun().empty())
        m_out.text(" ").leaf("code", m_result.rerun(), {{"class", "copy"}});
    m_out.close().line();
    return m_out.written();
}

std::string Section::mention(const v1::Result &told)
{
    m_out.open("div", {{"class", "brief"}, {"id", m_view.shown->anchor}, {"data-id", m_view.column.empty() ? "" : m_result.variant() + ' ' + m_view.column}});
    m_out.text(m_result.variant().substr(std::min(m_result.variant().find('['), m_result.variant().size())));
    if (becauseOf(m_result) != becauseOf(told))
        m_out.text(" ").leaf("small", becauseOf(m_result));
    m_out.close();
    return m_out.written();
}

} // namespace

std::string kindsOf(const v1::Result &result)
{
    return std::string(isAsExpected(result) ? "" : "unexpected ") + verdictName(result.verdict());
}

std::string caseMention(const CaseView &view, const v1::Result &told)
{
    return Section(view).mention(told);
}

std::string caseSection(const CaseView &view)
{
    return Section(view).written();
}

std::string caseShell(const CaseView &view, const std::string &packed)
{
    return Section(view).shell(packed);
}

std::vector<std::string> caseParts(const CaseView &view)
{
    return Section(view).parts();
}

std::string caseLine(const CaseView &view)
{
    return Section(view).line();
}

} // namespace hiatus::report::html
