#include "scenarios/script/expand.h"

#include "scenarios/script/defaultcites.h"
#include "scenarios/script/fill.h"
#include "scenarios/script/fragments.h"
#include "scenarios/script/sets.h"
#include "scenarios/script/stepneeds.h"
#include "scenarios/script/verbs.h"

#include <algorithm>
#include <map>

namespace hiatus::script {

namespace {

constexpr int MaxWork = 20'000; // steps looked at: repeats and fragments nest

bool carries(const v1::Step &step, const std::string &point)
{
    return std::find(step.point().begin(), step.point().end(), point) != step.point().end();
}

bool citesItself(const v1::Step &step)
{
    const auto cites = [](const v1::Expect &expect) { return expect.cite_size() > 0; };
    return !writtenOn(step).cites.empty() || std::any_of(step.all_of().take().begin(), step.all_of().take().end(), cites)
           || std::any_of(step.all_of().expect().begin(), step.all_of().expect().end(), cites);
}

bool isRefused(const v1::Step &step)
{
    return step.has_open() && step.open().expect().code() != 0;
}

/// Plans one variant. Steps are visited in the order in which they are numbered.
class Planner
{
public:
    Planner(const Script &script, const Binding &binding, Problems *problems, std::vector<Origin> *origins)
        : m_script(script), m_binding(binding), m_problems(problems), m_origins(origins), m_filler(binding, m_variant.lanes)
    {
    }

    Variant whole()
    {
        const v1::Scenario &scenario = m_script.scenario;
        describe(scenario);
        addFragmentLanes(scenario.step());
        if (std::any_of(m_variant.lanes.begin(), m_variant.lanes.end(), [](const v1::Lane &lane) { return lane.other_version(); }))
            m_variant.needs.push_back(m_variant.version == v1::V3 ? "v5" : "v3");
        plan(scenario.step(), {m_script.positions, "step"}, m_variant.steps);
        m_variant.surplus = cites(scenario.surplus(), m_variant.version);
        m_variant.plannedSeconds = plannedSeconds(m_variant);
        return std::move(m_variant);
    }

private:
    /// Where steps come from: a file, and the path of the list within.
    struct Source
    {
        const Positions &positions;
        std::string path;
    };

    void describe(const v1::Scenario &scenario)
    {
        m_variant.id = variantId(m_script.id, m_binding);
        m_variant.scenario = m_script.id;
        m_variant.title = scenario.title();
        m_variant.file = m_script.file;
        m_variant.role = scenario.has_role() ? scenario.role() : v1::SERVER;
        m_variant.fact = scenario.fact();
        m_variant.needs.assign(scenario.needs().begin(), scenario.needs().end());
        m_variant.axes = m_binding;
        m_variant.lanes.assign(scenario.lane().begin(), scenario.lane().end());
        const std::string *version = m_variant.axis("version");
        m_variant.version = version && *version == "V3" ? v1::V3 : v1::V5;
    }

    void addFragmentLanes(const Steps &steps)
    {
        for (const v1::Lane &lane : lanesOfFragments(m_script, steps)) {
            const bool known = std::any_of(m_variant.lanes.begin(), m_variant.lanes.end(),
                                           [&lane](const v1::Lane &other) { return other.name() == lane.name(); });
            if (!known)
                m_variant.lanes.push_back(lane);
        }
    }

    void plan(const Steps &steps, const Source &source, std::vector<PlannedStep> &out)
    {
        for (int i = 0; i < steps.size(); ++i)
            plan(steps[i], {source.positions, element(source.path, i)}, out);
    }

    void plan(const v1::Step &step, const Source &at, std::vector<PlannedStep> &out)
    {
        if (++m_work > MaxWork || !matchesAny(step.when(), m_binding))
            return;
        switch (step.verb_case()) {
        case v1::Step::kUntilPoint:
            return planUntilPoint(step.until_point(), at, out);
        case v1::Step::kRepeat:
            return planRepeat(step.repeat(), at, out);
        case v1::Step::kUse:
            return planUse(step.use(), at, out);
        case v1::Step::VERB_NOT_SET:
            if (!step.has_label())
                return; // a point and nothing else
            break;
        default:
            break;
        }
        emit(step, at, out);
    }

    // The step that carries the point still runs and finishes.
    void planUntilPoint(const v1::Block &block, const Source &at, std::vector<PlannedStep> &out)
    {
        const std::string *point = m_variant.axis("point");
        for (int i = 0; i < block.step_size(); ++i) {
            const v1::Step &step = block.step(i);
            plan(step, {at.positions, element(at.path + ".until_point.step", i)}, out);
            if (point && matchesAny(step.when(), m_binding) && carries(step, *point))
                return;
        }
    }

    void planRepeat(const v1::Repeat &repeat, const Source &at, std::vector<PlannedStep> &out)
    {
        const std::uint32_t times = repeat.has_of() ? staticNumber(repeat.of()) : repeat.times();
        for (std::uint32_t i = 0; i < times && ++m_work < MaxWork; ++i)
            plan(repeat.step(), {at.positions, at.path + ".repeat.step"}, out);
    }

    void planUse(const v1::Use &use, const Source &at, std::vector<PlannedStep> &out)
    {
        const auto found = m_script.fragments.find(use.fragment());
        if (found == m_script.fragments.end() || m_depth >= MaxFragmentDepth)
            return problem(at, "fragment \"" + use.fragment() + "\" can't be spliced in");
        ++m_depth;
        const v1::Fragment fragment = substituted(found->second.fragment, use);
        plan(fragment.step(), {found->second.positions, "step"}, out);
        --m_depth;
    }

    void emit(const v1::Step &step, const Source &at, std::vector<PlannedStep> &out)
    {
        PlannedStep planned;
        planned.index = m_next++;
        planned.at = at.positions.find(at.path);
        if (m_origins)
            m_origins->push_back({&at.positions, at.path});
        planned.step = step;
        planned.step.clear_when();
        fill(planned.step, at);
        needsOf(planned.step);
        planned.cites = citesOf(planned.step);
        m_dropped = m_dropped || step.has_drop() || step.has_cut_when() || step.has_target();
        planned.setup = !m_dropped && !citesItself(step) && !step.has_never();
        if (isRefused(planned.step))
            m_refused = laneOf(planned.step);
        planNested(planned.step, at, planned.blocks);
        for (const PlannedBlock &block : planned.blocks) {
            for (const PlannedStep &inner : block.steps)
                planned.setup = planned.setup && inner.setup;
        }
        strip(planned.step);
        out.push_back(std::move(planned));
    }

    void fill(v1::Step &step, const Source &at)
    {
        for (const std::string &error : applyKnownSets(step, names()))
            problem(at, error);
        m_filler.fill(step);
        m_filler.publishedBy(step);
    }

    /// A broker may turn away who takes over its own connection and is back again at once.
    void noteTakeovers(const v1::Step &step)
    {
        const v1::Drop how = step.drop().how();
        if (step.has_wait())
            m_opensSinceTakeover.clear();
        else if (how == v1::TAKEOVER || how == v1::HALF_OPEN)
            m_opensSinceTakeover.emplace(step.drop().on(), 0);
        const auto lane = m_opensSinceTakeover.find(step.open().on());
        const bool isHasty = step.has_open() && lane != m_opensSinceTakeover.end() && ++lane->second == 2;
        if (isHasty && std::find(m_variant.needs.begin(), m_variant.needs.end(), "quick-takeovers") == m_variant.needs.end())
            m_variant.needs.push_back("quick-takeovers");
    }

    void needsOf(const v1::Step &step)
    {
        for (const std::string &capability : capabilitiesFor(step)) {
            if (std::find(m_variant.needs.begin(), m_variant.needs.end(), capability) == m_variant.needs.end())
                m_variant.needs.push_back(capability);
        }
        noteTakeovers(step);
        m_variant.alone = m_variant.alone || wantsToBeAlone(step);
    }

    void planNested(const v1::Step &step, const Source &at, std::vector<PlannedBlock> &blocks)
    {
        const std::vector<Nested> nested = nestedIn(step);
        for (std::size_t i = 0; i < nested.size(); ++i) {
            PlannedBlock block;
            if (step.has_one_of()) {
                const v1::Branch &branch = step.one_of().branch(static_cast<int>(i));
                block.name = branch.name();
                block.should = cites(branch.should(), m_variant.version);
            }
            plan(*nested[i].steps, {at.positions, at.path + "." + nested[i].path}, block.steps);
            blocks.push_back(std::move(block));
        }
    }

    static void strip(v1::Step &step)
    {
        if (step.has_parallel())
            step.mutable_parallel()->clear_track();
        if (step.has_one_of())
            step.mutable_one_of()->clear_branch();
    }

    std::vector<PlannedCite> citesOf(const v1::Step &step) const
    {
        if (step.has_all_of())
            return citesOf(step.all_of());
        std::vector<PlannedCite> result;
        bool whole = false;
        for (const v1::Cite *cite : writtenOn(step).cites) {
            add(*cite, m_variant.versionOf(laneOf(step)), result);
            whole = whole || (!result.empty() && result.back().of.empty());
        }
        for (const PlannedCite &fallback : defaultCites(step, context(step))) {
            // The one that is written stands for the packet; what it carries stays charged to its own statement. An open is
            // written for what CONNACK says.
            if (whole && (fallback.of.empty() || step.has_open()))
                continue;
            const bool own = std::any_of(result.begin(), result.end(),
                                         [&fallback](const PlannedCite &cite) { return cite.of == fallback.of; });
            if (!own)
                result.push_back(fallback);
        }
        return result;
    }

    // What any of its members cites: checks of the members are the step's.
    std::vector<PlannedCite> citesOf(const v1::AllOf &all) const
    {
        std::vector<PlannedCite> result;
        const auto member = [&](const v1::Expect &expect, bool take) {
            v1::Step step;
            (take ? *step.mutable_take() : *step.mutable_expect()) = expect;
            for (PlannedCite &cite : citesOf(step)) {
                const bool known = std::any_of(result.begin(), result.end(), [&cite](const PlannedCite &other) {
                    return other.of == cite.of && other.statement == cite.statement;
                });
                if (!known)
                    result.push_back(std::move(cite));
            }
        };
        for (const v1::Expect &take : all.take())
            member(take, true);
        for (const v1::Expect &expect : all.expect())
            member(expect, false);
        std::stable_partition(result.begin(), result.end(), [](const PlannedCite &cite) { return !cite.fallback; });
        return result;
    }

    std::vector<PlannedCite> cites(const Cites &written, v1::Version version) const
    {
        std::vector<PlannedCite> result;
        for (const v1::Cite &cite : written)
            add(cite, version, result);
        return result;
    }

    void add(const v1::Cite &cite, v1::Version version, std::vector<PlannedCite> &result) const
    {
        const std::string &statement = version == v1::V3 ? cite.v3() : cite.v5();
        if (!statement.empty())
            result.push_back({cite.of(), statement, version, cite.has_role() ? cite.role() : m_variant.role, false});
    }

    CiteContext context(const v1::Step &step) const
    {
        CiteContext context;
        context.version = m_variant.versionOf(laneOf(step));
        context.role = m_variant.role;
        if (m_variant.role == v1::PAIR)
            context.role = step.has_app() || step.has_settled() ? v1::CLIENT : v1::SERVER;
        context.refused = step.has_closed() && !m_refused.empty() && step.closed().on() == m_refused;
        if (const std::string *qos = m_variant.axis("qos"); qos && qos->size() == 1)
            context.qos = static_cast<std::uint32_t>(qos->front() - '0');
        return context;
    }

    Names names() const
    {
        Names names;
        names.name = [this](const std::string &name) -> std::optional<std::string> {
            const std::string *value = m_variant.axis(name);
            return value ? std::optional(*value) : std::nullopt;
        };
        return names;
    }

    std::uint32_t staticNumber(const std::string &of) const
    {
        const auto expression = parseExpression(of);
        const auto value = expression ? evaluate(*expression, names()) : std::nullopt;
        if (!value || value->empty() || value->size() > 5 || value->find_first_not_of("0123456789") != std::string::npos)
            return 0;
        return static_cast<std::uint32_t>(std::stoul(*value));
    }

    void problem(const Source &at, const std::string &message)
    {
        if (m_problems)
            m_problems->push_back({at.positions.find(at.path), message});
    }

    const Script &m_script;
    const Binding &m_binding;
    Problems *m_problems;
    std::vector<Origin> *m_origins;
    Variant m_variant;
    Filler m_filler;
    std::uint32_t m_next = 0;
    int m_work = 0;
    int m_depth = 0;
    std::map<std::string, int> m_opensSinceTakeover; ///< by lane; not of lanes that no takeover has to do with, of late
    bool m_dropped = false;
    std::string m_refused; ///< the lane whose latest CONNECT was to be refused
};

} // namespace

std::vector<Variant> expand(const Script &script, Problems *problems)
{
    std::vector<Variant> variants;
    for (const Binding &binding : bindingsOf(script.scenario.axes()))
        variants.push_back(plan(script, binding, problems));
    return variants;
}

Variant plan(const Script &script, const Binding &binding, Problems *problems, std::vector<Origin> *origins)
{
    return Planner(script, binding, problems, origins).whole();
}

} // namespace hiatus::script
