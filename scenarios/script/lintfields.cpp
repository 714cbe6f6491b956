#include "scenarios/script/axes.h"
#include "scenarios/script/expression.h"
#include "scenarios/script/fields.h"
#include "scenarios/script/fragments.h"
#include "scenarios/script/lintrules.h"
#include "scenarios/script/sets.h"

#include <set>

namespace hiatus::script {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

std::set<std::string> laneNames(const Script &script)
{
    std::set<std::string> names;
    for (const v1::Lane &lane : script.scenario.lane())
        names.insert(lane.name());
    for (const v1::Lane &lane : lanesOfFragments(script, script.scenario.step()))
        names.insert(lane.name());
    return names;
}

class FieldLint
{
public:
    explicit FieldLint(const LintContext &context) : m_context(context), m_lanes(laneNames(context.script))
    {
        for (const NamedAxis &axis : axesOf(context.script.scenario.axes()))
            m_axes.insert(axis.name);
    }

    void run()
    {
        forEachWrittenStep(m_context.script, [this](const WrittenStep &written) {
            m_written = &written;
            step(written.step);
        });
        const auto &lanes = m_context.script.scenario.lane();
        for (int i = 0; i < lanes.size(); ++i)
            topics(m_context.script.positions, lanes[i], element("lane", i));
    }

private:
    void step(const v1::Step &step)
    {
        sets(step);
        if (step.has_open())
            open(step.open());
        if (step.has_expect())
            expect(step.expect(), "expect");
        if (step.has_take())
            expect(step.take(), "take");
        if (step.has_closed())
            closed(step.closed());
        if (step.has_accept()) {
            absent(step.accept().absent(), *v1::Connect::descriptor(), "accept");
            within(step.accept().within(), v1::Connect::descriptor(), "accept");
        }
        if (step.has_wait() && step.wait().has_of())
            expression(step.wait().of(), "wait.of", false);
        if (step.has_repeat() && step.repeat().has_of())
            expression(step.repeat().of(), "repeat.of", true);
        if (step.has_fact() && step.fact().has_of())
            expression(step.fact().of(), "fact.of", false);
        if (step.has_all_of())
            allOf(step.all_of());
        names(step);
        if (nestedIn(step).empty())
            topics(m_written->positions, step, m_written->path);
    }

    void allOf(const v1::AllOf &all)
    {
        for (int i = 0; i < all.take_size(); ++i)
            expect(all.take(i), element("all_of.take", i));
        for (int i = 0; i < all.expect_size(); ++i)
            expect(all.expect(i), element("all_of.expect", i));
    }

    void names(const v1::Step &step)
    {
        if (step.has_publish() && step.publish().topic().empty() && step.publish().set().empty())
            add("publish", "publish needs a topic");
        if (step.has_subscribe() && step.subscribe().filter().empty() && step.subscribe().set().empty())
            add("subscribe", "subscribe needs a filter");
        if (step.has_unsubscribe() && step.unsubscribe().filter().empty())
            add("unsubscribe", "unsubscribe needs a filter");
    }

    void sets(const v1::Step &step)
    {
        const Written written = writtenOn(step);
        v1::Step copy = step;
        for (std::size_t i = 0; i < written.sets.size(); ++i) {
            const std::string at = element(written.path + ".set", static_cast<int>(i));
            if (targetsOf(copy, written.sets[i]->field()).empty())
                add(at + ".field", "set: " + verbName(step) + " has no field \"" + written.sets[i]->field() + "\" to fill");
            expression(written.sets[i]->of(), at + ".of", false);
        }
    }

    void open(const v1::Open &open)
    {
        absent(open.absent(), *v1::Connack::descriptor(), "open");
        within(open.within(), v1::Connack::descriptor(), "open");
        bind(open.bind(), v1::Connack::descriptor(), "open");
    }

    void expect(const v1::Expect &expect, const std::string &path)
    {
        const Message *pattern = patternOf(expect);
        const Descriptor *type = pattern ? pattern->GetDescriptor() : nullptr;
        if (type)
            absent(expect.absent(), *type, path);
        within(expect.within(), type, path);
        bind(expect.bind(), type, path);
        if (expect.has_due() && expect.due().has_of())
            expression(expect.due().of(), path + ".due.of", false);
    }

    void closed(const v1::Closed &closed)
    {
        within(closed.within(), v1::Disconnect::descriptor(), "closed");
        if (closed.due().has_of())
            expression(closed.due().of(), "closed.due.of", false);
    }

    void absent(const google::protobuf::RepeatedPtrField<std::string> &fields, const Descriptor &type, const std::string &path)
    {
        for (int i = 0; i < fields.size(); ++i)
            field(type, fields[i], element(path + ".absent", i));
    }

    void within(const google::protobuf::RepeatedPtrField<v1::Within> &ranges, const Descriptor *type, const std::string &path)
    {
        for (int i = 0; i < ranges.size(); ++i) {
            const std::string at = element(path + ".within", i);
            if (type)
                field(*type, ranges[i].field(), at + ".field");
            if (ranges[i].any().empty() && !ranges[i].has_min() && !ranges[i].has_max() && !ranges[i].has_max_of())
                add(at, "within needs any, min or max");
            if (ranges[i].has_max_of())
                expression(ranges[i].max_of(), at + ".max_of", false);
        }
    }

    void bind(const google::protobuf::RepeatedPtrField<v1::Bind> &binds, const Descriptor *type, const std::string &path)
    {
        for (int i = 0; i < binds.size(); ++i) {
            const std::string at = element(path + ".bind", i);
            if (type)
                field(*type, binds[i].field(), at + ".field");
            if (binds[i].as().empty())
                add(at, "bind needs a name");
            else if (m_axes.count(binds[i].as()) > 0)
                add(at + ".as", "\"" + binds[i].as() + "\" is an axis");
            m_bound.insert(binds[i].as());
        }
    }

    void field(const Descriptor &type, const std::string &path, const std::string &at)
    {
        if (!fieldAt(type, path))
            add(at, "no field \"" + path + "\" in " + type.name());
    }

    void expression(const std::string &text, const std::string &at, bool fixed)
    {
        const auto parsed = parseExpression(text);
        if (!parsed)
            return add(at, parsed.error());
        names(*parsed, at, fixed);
    }

    void names(const Expression &expression, const std::string &at, bool fixed)
    {
        if (expression.kind == Expression::Kind::Name && m_axes.count(expression.text) == 0) {
            if (fixed)
                add(at, "\"" + expression.text + "\" is no axis");
            else if (m_bound.count(expression.text) == 0)
                add(at, "\"" + expression.text + "\" is neither an axis nor bound before");
        }
        if (expression.kind == Expression::Kind::Granted) {
            if (fixed)
                add(at, "what is granted is not known before the run");
            if (m_lanes.count(expression.lane) == 0)
                add(at, "unknown lane \"" + expression.lane + "\"");
            field(*v1::Connack::descriptor(), expression.text, at);
        }
        if (expression.kind == Expression::Kind::Declared && fixed)
            add(at, "what a target declares is not known before the run");
        for (const Expression &argument : expression.arguments)
            names(argument, at, fixed);
    }

    // Topics get the variant's prefix; one that looks absolute would escape it, or is no longer what it looks like.
    void topics(const Positions &positions, const Message &message, const std::string &path)
    {
        std::vector<const FieldDescriptor *> fields;
        message.GetReflection()->ListFields(message, &fields);
        for (const FieldDescriptor *field : fields) {
            const std::string at = path + "." + field->name();
            const int size = field->is_repeated() ? message.GetReflection()->FieldSize(message, field) : 1;
            for (int i = 0; i < size; ++i)
                topic(positions, message, *field, i, field->is_repeated() ? element(at, i) : at);
        }
    }

    void topic(const Positions &positions, const Message &message, const FieldDescriptor &field, int index, const std::string &at)
    {
        const auto *reflection = message.GetReflection();
        if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
            return topics(positions, field.is_repeated() ? reflection->GetRepeatedMessage(message, &field, index)
                                                         : reflection->GetMessage(message, &field), at);
        }
        const bool named = field.name() == "topic" || field.name() == "filter" || field.name() == "response_topic";
        if (!named || field.type() != FieldDescriptor::TYPE_STRING)
            return;
        const std::string value = field.is_repeated() ? reflection->GetRepeatedString(message, &field, index)
                                                      : reflection->GetString(message, &field);
        const bool share = value.rfind("$share/", 0) == 0;
        const bool isOfBroker = value.rfind("$SYS/", 0) == 0 && m_context.script.scenario.fact(); // what it says of itself is judged by nobody
        if (!value.empty() && !isOfBroker && (value.front() == '/' || (value.front() == '$' && !share)))
            m_context.add(positions, at, "\"" + value + "\" looks absolute; topics are relative to the variant's own");
    }

    void add(const std::string &path, const std::string &message) const
    {
        m_context.add(m_written->positions, m_written->path + "." + path, message);
    }

    const LintContext &m_context;
    std::set<std::string> m_lanes;
    std::set<std::string> m_axes;
    std::set<std::string> m_bound;
    const WrittenStep *m_written = nullptr;
};

} // namespace

void lintFields(const LintContext &context)
{
    FieldLint(context).run();
}

} // namespace hiatus::script
