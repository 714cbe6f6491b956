#include "scenarios/script/axes.h"
#include "scenarios/script/lintrules.h"

#include <algorithm>
#include <array>
#include <map>

namespace hiatus::script {

namespace {

bool isTyped(const std::string &axis)
{
    static constexpr std::array Names{"version", "qos", "drop", "point", "again", "clean", "expiry", "delay", "window", "then"};
    return std::any_of(Names.begin(), Names.end(), [&axis](const char *name) { return axis == name; });
}

bool isName(const std::string &name)
{
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto inside = [&letter](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
    return !name.empty() && letter(name.front()) && std::all_of(name.begin(), name.end(), inside);
}

void lintAxis(const LintContext &context, const NamedAxis &axis)
{
    std::map<std::string, std::string> slugs;
    for (std::size_t i = 0; i < axis.values.size(); ++i) {
        const std::string &value = axis.values[i];
        const std::string at = element(axis.path, static_cast<int>(i));
        if (axis.name == "qos" && value.size() != 1)
            context.add(at, "there is no QoS " + value);
        else if (axis.name == "qos" && value > "2")
            context.add(at, "there is no QoS " + value);
        if (value.find("UNSPECIFIED") != std::string::npos)
            context.add(at, value + " is no value of an axis");
        const auto [known, fresh] = slugs.emplace(slug(axis.name, value), value);
        if (fresh)
            continue;
        if (known->second == value)
            context.add(at, "axis " + axis.name + " has the value \"" + value + "\" twice");
        else
            context.add(at, "values \"" + known->second + "\" and \"" + value + "\" of axis " + axis.name
                                + " have the same name in ids, \"" + known->first + "\"");
    }
}

void lintAxes(const LintContext &context)
{
    const v1::Axes &axes = context.script.scenario.axes();
    std::map<std::string, int> names;
    for (int i = 0; i < axes.axis_size(); ++i) {
        const std::string at = element("axes.axis", i);
        const std::string &name = axes.axis(i).name();
        if (!isName(name))
            context.add(at + ".name", "an axis needs a name of letters, digits, - and _");
        else if (isTyped(name))
            context.add(at + ".name", "axis " + name + " has a field of its own: write " + name + ": […]");
        else if (++names[name] > 1)
            context.add(at + ".name", "axis " + name + " is there twice");
        if (axes.axis(i).value().empty())
            context.add(at, "axis " + name + " has no values");
    }
    for (const NamedAxis &axis : axesOf(axes))
        lintAxis(context, axis);
    const std::size_t product = productOf(axes);
    if (product > MaxVariants)
        context.add("axes", "the axes make more than " + std::to_string(MaxVariants) + " variants");
}

void lintExcept(const LintContext &context)
{
    const v1::Axes &axes = context.script.scenario.axes();
    for (int i = 0; i < axes.except_size(); ++i) {
        const std::string at = element("axes.except", i);
        if (axes.except(i).why().empty())
            context.add(at, "except needs a why");
        if (conditionsOf(axes.except(i)).empty())
            context.add(at, "except names no axis");
    }
    if (!axes.except().empty() && productOf(axes) > 0 && productOf(axes) <= MaxVariants && bindingsOf(axes).empty())
        context.add("axes", "except leaves no variant");
}

} // namespace

void lintHead(const LintContext &context)
{
    const v1::Scenario &scenario = context.script.scenario;
    if (scenario.title().empty())
        context.add("title", "the scenario has no title");
    if (scenario.has_role() && scenario.role() == v1::ROLE_UNSPECIFIED)
        context.add("role", "ROLE_UNSPECIFIED is no role");
    if (scenario.step().empty())
        context.add("step", "the scenario has no steps");
    for (int i = 0; i < scenario.needs_size(); ++i) {
        if (context.capabilities.count(scenario.needs(i)) == 0)
            context.add(element("needs", i), "unknown capability \"" + scenario.needs(i) + "\"");
    }
    if (context.script.id.rfind("facts/", 0) == 0 && !scenario.fact())
        context.add("title", "a scenario in facts/ says fact: true");
    lintAxes(context);
    lintExcept(context);
}

} // namespace hiatus::script
