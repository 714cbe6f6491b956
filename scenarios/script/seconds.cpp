#include "scenarios/script/expand.h"
#include "scenarios/script/expression.h"
#include "scenarios/script/fields.h"
#include "scenarios/script/verbs.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace hiatus::script {

namespace {

/// Walks through a variant as if everything but spec timers took no time.
class Stopwatch
{
public:
    explicit Stopwatch(const Variant &variant) : m_variant(variant)
    {
        for (const v1::Lane &lane : variant.lanes) {
            m_asked[lane.name()] = lane.connect();
            if (lane.has_keep_for())
                m_asked[lane.name()].set_session_expiry_interval(lane.keep_for());
        }
    }

    double run(const std::vector<PlannedStep> &steps, double now)
    {
        for (const PlannedStep &step : steps)
            now = run(step, now);
        return now;
    }

private:
    double run(const PlannedStep &planned, double now)
    {
        const v1::Step &step = planned.step;
        if (step.has_open())
            m_asked[step.open().on()].MergeFrom(step.open().connect());
        const double begin = now;
        now = std::max(now, end(step, begin));
        for (const PlannedBlock &block : planned.blocks)
            now = std::max(now, run(block.steps, begin));
        if (step.has_label())
            m_labels[step.label()] = now;
        return now;
    }

    double end(const v1::Step &step, double now) const
    {
        if (step.has_wait())
            return since(step.wait().since(), now) + seconds(step.wait().seconds(), step.wait().of());
        if (step.has_drop() && step.drop().how() == v1::KEEPALIVE)
            return now + keepAlive(step.drop().on());
        if (step.has_take())
            return due(step.take().has_due() ? &step.take().due() : nullptr, now);
        if (step.has_expect())
            return due(step.expect().has_due() ? &step.expect().due() : nullptr, now);
        if (step.has_closed())
            return due(step.closed().has_due() ? &step.closed().due() : nullptr, now);
        return now;
    }

    double due(const v1::Due *due, double now) const
    {
        return due ? since(due->since(), now) + seconds(due->seconds(), due->of()) : now;
    }

    double since(const std::string &label, double now) const
    {
        const auto found = m_labels.find(label);
        return found == m_labels.end() ? now : found->second;
    }

    double seconds(std::uint32_t written, const std::string &of) const
    {
        if (of.empty())
            return written;
        const auto expression = parseExpression(of);
        const auto value = expression ? evaluate(*expression, names()) : std::nullopt;
        double result = 0;
        if (value)
            std::from_chars(value->data(), value->data() + value->size(), result);
        return result;
    }

    double keepAlive(const std::string &lane) const
    {
        const auto found = m_asked.find(lane);
        return found == m_asked.end() ? 0 : 1.5 * found->second.keep_alive();
    }

    Names names() const
    {
        Names names;
        names.name = [this](const std::string &name) -> std::optional<std::string> {
            const std::string *value = m_variant.axis(name);
            return value ? std::optional(*value) : std::nullopt;
        };
        names.granted = [this](const std::string &lane, const std::string &field) -> std::optional<std::string> {
            const auto found = m_asked.find(lane);
            if (found == m_asked.end())
                return "0";
            const auto *asked = fieldAt(*v1::Connect::descriptor(), field == "server_keep_alive" ? "keep_alive" : field);
            if (!asked || asked->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_UINT32)
                return "0";
            return std::to_string(found->second.GetReflection()->GetUInt32(found->second, asked));
        };
        return names;
    }

    const Variant &m_variant;
    std::map<std::string, v1::Connect> m_asked; // by lane: what its CONNECT says
    std::map<std::string, double> m_labels;
};

} // namespace

double plannedSeconds(const Variant &variant)
{
    return Stopwatch(variant).run(variant.steps, 0);
}

} // namespace hiatus::script
