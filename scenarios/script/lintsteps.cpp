#include "scenarios/script/axes.h"
#include "scenarios/script/lintrules.h"

#include <algorithm>
#include <map>
#include <set>

namespace hiatus::script {

namespace {

struct Mark
{
    const Positions *positions;
    std::string path;
};

class StepLint
{
public:
    explicit StepLint(const LintContext &context) : m_context(context), m_axes(axesOf(context.script.scenario.axes())) {}

    void run()
    {
        exceptions();
        forEachWrittenStep(m_context.script, [this](const WrittenStep &written) { step(written); });
        labels();
        points();
    }

private:
    void exceptions()
    {
        const auto &except = m_context.script.scenario.axes().except();
        for (int i = 0; i < except.size(); ++i)
            conditions(m_context.script.positions, except[i], element("axes.except", i));
    }

    void step(const WrittenStep &written)
    {
        const v1::Step &step = written.step;
        const std::string verb = verbName(step);
        if (verb.empty() && step.point().empty() && !step.has_label())
            add(written, "", "an empty step: it has neither a verb nor a point");
        for (int i = 0; i < step.when_size(); ++i)
            when(written, step.when(i), element("when", i));
        for (int i = 0; i < step.point_size(); ++i)
            m_points.insert(step.point(i));
        if (step.has_label() && !m_labels.emplace(step.label(), Mark{&written.positions, written.path + ".label"}).second
            && !written.fromFragment)
            add(written, "label", "label \"" + step.label() + "\" is there twice");
        shape(written, verb);
        since(written);
    }

    void when(const WrittenStep &written, const v1::When &when, const std::string &path)
    {
        if (when.has_why())
            add(written, path + ".why", "why belongs into except");
        if (conditionsOf(when).empty())
            add(written, path, "when names no axis");
        conditions(written.positions, when, written.path + "." + path);
    }

    void conditions(const Positions &positions, const v1::When &when, const std::string &path)
    {
        for (const NamedAxis &condition : conditionsOf(when)) {
            const std::string at = path + "." + condition.path;
            const auto axis = std::find_if(m_axes.begin(), m_axes.end(),
                                           [&condition](const NamedAxis &one) { return one.name == condition.name; });
            if (axis == m_axes.end()) {
                m_context.add(positions, at, "there is no axis " + condition.name);
                continue;
            }
            for (std::size_t i = 0; i < condition.values.size(); ++i) {
                const std::string &value = condition.values[i];
                if (std::find(axis->values.begin(), axis->values.end(), value) == axis->values.end())
                    m_context.add(positions, element(at, static_cast<int>(i)),
                                  "axis " + condition.name + " has no value \"" + value + "\"");
            }
        }
    }

    void shape(const WrittenStep &written, const std::string &verb)
    {
        const v1::Step &step = written.step;
        if (step.has_one_of())
            oneOf(written, step.one_of());
        if (step.has_parallel() && step.parallel().track_size() < 2)
            add(written, verb, "parallel needs two tracks");
        if (step.has_repeat() && step.repeat().has_times() == step.repeat().has_of())
            add(written, verb, "repeat says either times or of");
        if (step.has_until_point() && !axis("point"))
            add(written, verb, "until_point needs the axis point");
        if ((step.has_expect() && patternName(step.expect()).empty()) || (step.has_take() && patternName(step.take()).empty()))
            add(written, verb, verb + " needs a packet");
        const v1::Stream &stream = step.has_expect() ? step.expect().stream() : step.take().stream();
        if (stream.one_by_one() && stream.has_leave())
            add(written, verb + ".stream.one_by_one", "says that each exchange ends, leave that it does not");
        if (step.has_send() && step.send().packet().empty())
            add(written, verb, "send needs a packet");
        if (step.has_never())
            never(written, step.never());
        if (step.has_wait() && step.wait().has_seconds() == step.wait().has_of())
            add(written, verb, "wait says either seconds or of");
        if (step.has_all_of() && step.all_of().take_size() + step.all_of().expect_size() < 2)
            add(written, verb, "all_of needs two packets");
        if (step.has_app() && step.app().do_case() == v1::App::DO_NOT_SET)
            add(written, verb, "app needs a command or an event");
        if (step.has_drop() && step.drop().has_how() && step.drop().how() == v1::DROP_UNSPECIFIED)
            add(written, "drop.how", "DROP_UNSPECIFIED is no way to drop");
        if (step.has_target())
            target(written, step.target());
        if (step.has_cut_when())
            cutWhen(written, step.cut_when());
        if (step.has_fence())
            fence(written, step.fence());
        if (step.has_go_round())
            goRound(written, step.go_round());
        if (step.has_use())
            use(written, step.use());
        if (step.has_fact() && step.fact().has_of() == step.fact().has_value())
            add(written, verb, "fact says either of or value");
        const auto &published = step.publish();
        const bool isCounted = published.has_count() || std::any_of(published.set().begin(), published.set().end(), [](const v1::Set &set) { return set.field() == "count"; });
        if (step.has_publish() && published.has_stream() != isCounted)
            add(written, verb, "a stream is published with a name and a count");
    }

    void oneOf(const WrittenStep &written, const v1::OneOf &oneOf)
    {
        if (oneOf.branch_size() < 2)
            add(written, "one_of", "one_of needs two branches");
        if (oneOf.fact().empty())
            add(written, "one_of", "one_of needs the name of its fact");
        std::set<std::string> names;
        for (int i = 0; i < oneOf.branch_size(); ++i) {
            const std::string at = element("one_of.branch", i);
            if (oneOf.branch(i).name().empty())
                add(written, at, "a branch needs a name: it is the fact's value");
            else if (!names.insert(oneOf.branch(i).name()).second)
                add(written, at + ".name", "branch \"" + oneOf.branch(i).name() + "\" is there twice");
            if (oneOf.branch(i).step().empty())
                add(written, at, "branch \"" + oneOf.branch(i).name() + "\" has no steps");
        }
    }

    void never(const WrittenStep &written, const v1::Never &never)
    {
        if (never.packet().kind_case() == v1::Packet::KIND_NOT_SET)
            add(written, "never", "never needs a packet");
        if (never.cite().empty())
            add(written, "never", "never needs a citation");
    }

    void cutWhen(const WrittenStep &written, const v1::CutWhen &cut)
    {
        const std::string &text = cut.boundary();
        const bool filled = std::any_of(cut.set().begin(), cut.set().end(),
                                        [](const v1::Set &set) { return set.field() == "boundary"; });
        if (text.empty() && !filled)
            return add(written, "cut_when", "cut_when needs a boundary");
        const bool ends = text.size() > 2 && (text.substr(0, 2) == "< " || text.substr(text.size() - 2) == " >");
        if (!text.empty() && !ends)
            add(written, "cut_when.boundary", "a boundary is \"PACKET >\" (client to broker) or \"< PACKET\"");
    }

    void target(const WrittenStep &written, const v1::TargetStep &target)
    {
        const auto &scenario = m_context.script.scenario;
        if (target.do_case() == v1::TargetStep::DO_NOT_SET)
            add(written, "target", "target says restart, stop or start");
        if (scenario.has_role() && scenario.role() != v1::SERVER)
            add(written, "target", "target steps are for SERVER scenarios: a pair's broker restarts by cut_when");
    }

    void goRound(const WrittenStep &written, const v1::GoRound &round)
    {
        const auto &scenario = m_context.script.scenario;
        if (round.from().empty() || round.from() == round.on() || round.topic().empty())
            add(written, "go_round", "go_round needs another lane that publishes (from), and a topic");
        if (scenario.has_role() && scenario.role() != v1::SERVER)
            add(written, "go_round", "go_round steps are for SERVER scenarios");
    }

    void fence(const WrittenStep &written, const v1::Fence &fence)
    {
        const auto by = fence.by();
        const bool publishes = by == v1::Fence::SENTINEL || by == v1::Fence::WITNESS || by == v1::Fence::ACK_ORDER;
        if (publishes && fence.topic().empty())
            add(written, "fence", "a " + v1::Fence::By_Name(by) + " fence needs a topic");
        if (by == v1::Fence::WITNESS && fence.witness().empty())
            add(written, "fence", "a WITNESS fence needs a witness");
        if (by == v1::Fence::WITNESS && fence.witness() == fence.on())
            add(written, "fence.witness", "the witness is another lane");
        if (by != v1::Fence::WITNESS && fence.has_witness())
            add(written, "fence.witness", "only a WITNESS fence has a witness");
    }

    void use(const WrittenStep &written, const v1::Use &use)
    {
        const auto found = m_context.script.fragments.find(use.fragment());
        if (found == m_context.script.fragments.end())
            return;
        const auto &params = found->second.fragment.param();
        const auto names = [](const auto &list, const std::string &name, auto text) {
            return std::any_of(list.begin(), list.end(), [&](const auto &one) { return text(one) == name; });
        };
        for (int i = 0; i < use.with_size(); ++i) {
            if (!names(params, use.with(i).param(), [](const std::string &param) { return param; }))
                add(written, element("use.with", i), "fragment " + use.fragment() + " has no parameter \"" + use.with(i).param() + "\"");
        }
        for (const std::string &param : params) {
            if (!names(use.with(), param, [](const v1::Arg &arg) { return arg.param(); }))
                add(written, "use", "parameter \"" + param + "\" of fragment " + use.fragment() + " is not given");
        }
    }

    void since(const WrittenStep &written)
    {
        const v1::Step &step = written.step;
        if (step.has_wait() && step.wait().has_since())
            refer(written, step.wait().since(), "wait.since");
        if (step.has_expect() && step.expect().has_due())
            due(written, step.expect().due(), "expect.due");
        if (step.has_take() && step.take().has_due())
            due(written, step.take().due(), "take.due");
        if (step.has_closed() && step.closed().has_due())
            due(written, step.closed().due(), "closed.due");
    }

    void due(const WrittenStep &written, const v1::Due &due, const std::string &path)
    {
        if (due.has_seconds() == due.has_of())
            add(written, path, "due says either seconds or of");
        refer(written, due.since(), path + ".since");
    }

    void refer(const WrittenStep &written, const std::string &label, const std::string &path)
    {
        m_referred.insert(label);
        if (m_labels.count(label) == 0)
            add(written, path, label.empty() ? "since is missing: after which label?"
                                             : "no step before this one has the label \"" + label + "\"");
    }

    void labels()
    {
        for (const auto &[label, mark] : m_labels) {
            if (m_referred.count(label) == 0)
                m_context.add(*mark.positions, mark.path, "label \"" + label + "\" is never referred to");
        }
    }

    void points()
    {
        const NamedAxis *values = axis("point");
        if (!values)
            return;
        for (std::size_t i = 0; i < values->values.size(); ++i) {
            if (m_points.count(values->values[i]) == 0)
                m_context.add(element(values->path, static_cast<int>(i)), "no step carries the point \"" + values->values[i] + "\"");
        }
    }

    const NamedAxis *axis(const std::string &name) const
    {
        const auto found = std::find_if(m_axes.begin(), m_axes.end(), [&name](const NamedAxis &one) { return one.name == name; });
        return found == m_axes.end() ? nullptr : &*found;
    }

    void add(const WrittenStep &written, const std::string &path, const std::string &message) const
    {
        m_context.add(written.positions, path.empty() ? written.path : written.path + "." + path, message);
    }

    const LintContext &m_context;
    std::vector<NamedAxis> m_axes;
    std::map<std::string, Mark> m_labels;
    std::set<std::string> m_referred;
    std::set<std::string> m_points;
};

} // namespace

void lintSteps(const LintContext &context)
{
    StepLint(context).run();
}

} // namespace hiatus::script
