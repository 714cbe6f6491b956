#include "scenarios/script/show.h"

#include "scenarios/script/axes.h"
#include "scenarios/script/canvas.h"
#include "scenarios/script/fragments.h"

#include <sstream>

namespace hiatus::script {

namespace {

constexpr std::size_t TextWidth = 112;

using Remarks = std::vector<std::string>;

void paragraph(std::ostream &out, const std::string &text, const std::string &indent)
{
    for (const std::string &line : wrapped(text, TextWidth - indent.size()))
        out << indent << line << "\n";
}

std::string targetName(v1::Role role)
{
    return role == v1::CLIENT ? "client" : "server";
}

/// One statement for both versions, or "3.1.1's | 5.0's".
std::string citeText(const v1::Cite &cite)
{
    std::string text = cite.has_of() ? cite.of() + ": " : std::string();
    if (cite.has_role())
        text += v1::Role_Name(cite.role()) + " ";
    if (cite.v3() == cite.v5())
        return text + cite.v3();
    if (!cite.has_v3() || !cite.has_v5())
        return text + (cite.has_v3() ? "3.1.1 " + cite.v3() : "5.0 " + cite.v5());
    return text + cite.v3() + " | " + cite.v5();
}

std::string citeText(const PlannedCite &cite)
{
    return (cite.of.empty() ? std::string() : cite.of + ": ") + cite.statement;
}

Remarks marks(const v1::Step &step)
{
    Remarks remarks;
    if (step.has_label())
        remarks.push_back("label: " + step.label());
    std::string points;
    for (const std::string &point : step.point())
        points += (points.empty() ? "point " : ", ") + point;
    if (!points.empty())
        remarks.push_back(points);
    return remarks;
}

/// Draws a step's own rungs: its remarks beside the last of them.
void drawRungs(Canvas &canvas, const v1::Step &step, int line, int depth, const Remarks &remarks)
{
    const std::vector<Rung> rungs = rungsOf(step);
    for (std::size_t i = 0; i < rungs.size(); ++i)
        canvas.draw(rungs[i], i == 0 ? line : 0, depth, i + 1 == rungs.size() ? remarks : Remarks());
    if (rungs.empty())
        canvas.banner("(mark)", line, depth, remarks);
}

std::string partyText(const v1::Lane &lane)
{
    std::string text = lane.name();
    if (lane.has_party() && lane.party() != v1::MQTT_CLIENT)
        text += ", " + v1::Party_Name(lane.party());
    if (lane.has_session() && lane.session() != lane.name())
        text += ", session of " + lane.session();
    if (lane.has_keep_for())
        text += ", kept for " + std::to_string(lane.keep_for()) + " s";
    if (lane.ours())
        text += ", always ours";
    if (lane.other_version())
        text += ", speaks the other version";
    if (lane.has_connect())
        text += ", " + packetText("connect", lane.connect());
    return text;
}

template <typename Lanes>
std::vector<std::string> laneNames(const Lanes &lanes)
{
    std::vector<std::string> names;
    for (const v1::Lane &lane : lanes)
        names.push_back(lane.name());
    return names;
}

template <typename Lanes>
void describeLanes(std::ostream &out, const Lanes &lanes)
{
    for (const v1::Lane &lane : lanes)
        paragraph(out, "lane   " + partyText(lane), "  ");
}

class ScriptLadder
{
public:
    explicit ScriptLadder(const Script &script) : m_script(script), m_canvas(names(script), targetName(script.scenario.role())) {}

    std::string text()
    {
        std::ostringstream out;
        head(out);
        steps(m_script.scenario.step(), m_script.positions, "step", 0);
        out << "\n" << m_canvas.text();
        if (!m_script.scenario.surplus().empty()) {
            for (const v1::Cite &cite : m_script.scenario.surplus())
                out << "  what nothing consumed by the end: " << citeText(cite) << "\n";
        }
        return out.str();
    }

private:
    static std::vector<std::string> names(const Script &script) { return laneNames(script.scenario.lane()); }

    void head(std::ostream &out) const
    {
        const v1::Scenario &scenario = m_script.scenario;
        paragraph(out, m_script.id, {});
        paragraph(out, m_script.file, "  ");
        paragraph(out, scenario.title(), "  ");
        paragraph(out, scenario.about(), "  ");
        out << "\n";
        paragraph(out, "judges " + (scenario.fact() ? std::string("nobody: reports a fact")
                                                    : v1::Role_Name(scenario.has_role() ? scenario.role() : v1::SERVER)), "  ");
        for (const std::string &need : scenario.needs())
            paragraph(out, "needs  " + need, "  ");
        for (const NamedAxis &axis : axesOf(scenario.axes())) {
            std::string values;
            for (const std::string &value : axis.values)
                values += (values.empty() ? "" : ", ") + value;
            paragraph(out, "axis   " + axis.name + ": " + values, "  ");
        }
        for (const v1::When &when : scenario.axes().except())
            paragraph(out, "except " + conditionText(when) + ": " + when.why(), "  ");
        describeLanes(out, scenario.lane());
        paragraph(out, "right  statements as 3.1.1 | 5.0, one if both have the same number", "  ");
    }

    void steps(const Steps &list, const Positions &positions, const std::string &path, int depth)
    {
        std::string condition;
        for (int i = 0; i < list.size(); ++i) {
            const std::string at = element(path, i);
            const int line = positions.find(at).line;
            const std::string when = conditions(list[i]);
            if (when != condition)
                m_canvas.banner(when.empty() ? "[always]" : "[if " + when + "]", 0, depth);
            condition = when;
            step(list[i], positions, at, line, depth);
        }
    }

    static std::string conditions(const v1::Step &step)
    {
        std::string text;
        for (const v1::When &when : step.when())
            text += (text.empty() ? "" : "; or ") + conditionText(when);
        return text;
    }

    void step(const v1::Step &step, const Positions &positions, const std::string &at, int line, int depth)
    {
        Remarks remarks = marks(step);
        for (const v1::Cite *cite : writtenOn(step).cites)
            remarks.push_back(citeText(*cite));
        drawRungs(m_canvas, step, line, depth, remarks);
        const std::vector<Nested> nested = nestedIn(step);
        for (std::size_t i = 0; i < nested.size(); ++i) {
            if (step.has_one_of())
                m_canvas.banner("- " + step.one_of().branch(static_cast<int>(i)).name() + ":", 0, depth + 1);
            else if (step.has_parallel())
                m_canvas.banner("- track " + std::to_string(i + 1) + ":", 0, depth + 1);
            steps(*nested[i].steps, positions, at + "." + nested[i].path, depth + 1);
        }
        if (!nested.empty())
            m_canvas.banner("(end)", 0, depth);
    }

    const Script &m_script;
    Canvas m_canvas;
};

void drawPlanned(Canvas &canvas, const std::vector<PlannedStep> &steps, int depth)
{
    for (const PlannedStep &planned : steps) {
        Remarks remarks = marks(planned.step);
        for (const PlannedCite &cite : planned.cites) {
            if (!cite.fallback)
                remarks.push_back(citeText(cite));
        }
        drawRungs(canvas, planned.step, planned.at.line, depth, remarks);
        for (std::size_t i = 0; i < planned.blocks.size(); ++i) {
            if (planned.step.has_one_of())
                canvas.banner("- " + planned.blocks[i].name + ":", 0, depth + 1);
            else if (planned.step.has_parallel())
                canvas.banner("- track " + std::to_string(i + 1) + ":", 0, depth + 1);
            drawPlanned(canvas, planned.blocks[i].steps, depth + 1);
        }
        if (!planned.blocks.empty())
            canvas.banner("(end)", 0, depth);
    }
}

} // namespace

std::string ladder(const Script &script)
{
    return ScriptLadder(script).text();
}

std::string ladder(const Variant &variant)
{
    std::ostringstream out;
    paragraph(out, variant.id, {});
    paragraph(out, variant.file, "  ");
    paragraph(out, variant.title, "  ");
    out << "\n";
    describeLanes(out, variant.lanes);
    if (variant.plannedSeconds > 0)
        out << "  waits  " << variant.plannedSeconds << " s\n";
    Canvas canvas(laneNames(variant.lanes), targetName(variant.role));
    drawPlanned(canvas, variant.steps, 0);
    out << "\n" << canvas.text();
    return out.str();
}

} // namespace hiatus::script
