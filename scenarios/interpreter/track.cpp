#include "scenarios/interpreter/track.h"

#include "scenarios/interpreter/matcher.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/script/expression.h"
#include "scenarios/script/verbs.h"

#include <algorithm>
#include <charconv>

namespace hiatus::run {

namespace {

/// What the target sent and nobody has asked for: the reader of a MISSING wants to see what came instead.
std::string unconsumed(Run &run, const View &view, const Lane &lane)
{
    std::string text;
    for (const auto &item : lane.inbox) {
        if (item.isLapsed || view.isConsumed(item.event))
            continue;
        text += (text.empty() ? "" : "; ") + run.textOf(item.event);
        if (text.size() > 400)
            return text + " …";
    }
    return text;
}

/// Where the spec timer that a drop starts may begin: at the drop, or for a silent peer at our last byte.
Time beginningOf(Run &run, const v1::Step &step, Time begun)
{
    if (!step.has_drop() || (step.drop().how() != v1::KEEPALIVE && step.drop().how() != v1::HALF_OPEN))
        return begun;
    const Lane &lane = run.lane(step.drop().on());
    return lane.current ? lane.current->lastSent : begun;
}

} // namespace

bool Task::isLate() const { return m_run.now() >= m_deadline; }

void Task::expectReply() { m_deadline = m_run.now() + m_run.timing().reply; }

void Task::check(Outcome outcome, const std::string &field, const std::string &expected, const std::string &actual,
                 std::optional<std::uint32_t> event)
{
    m_view.record(recordOf(outcome, field, expected, actual, event));
}

void Task::checkSetup(Outcome outcome, const std::string &field, const std::string &expected, const std::string &actual,
                      std::optional<std::uint32_t> event)
{
    v1::CheckRecord record = recordOf(outcome, field, expected, actual, event);
    record.set_setup(true);
    m_view.record(record);
}

v1::CheckRecord Task::recordOf(Outcome outcome, const std::string &field, const std::string &expected, const std::string &actual,
                               std::optional<std::uint32_t> event) const
{
    v1::CheckRecord record;
    record.set_step(index());
    record.set_outcome(outcome);
    if (!field.empty())
        record.set_field(field);
    record.set_expected(expected);
    record.set_actual(actual);
    if (event)
        record.set_event(*event);
    record.set_setup(m_planned.setup);
    return record;
}

Progress Task::missing(const Lane &lane, const std::string &expected)
{
    const bool isClosed = lane.current && lane.current->isClosed;
    std::string actual = unconsumed(m_run, m_view, lane);
    if (isClosed)
        actual = "the connection ended" + (lane.current->why.empty() ? "" : " (" + lane.current->why + ")") +
                 (actual.empty() ? "" : " after " + actual);
    else if (actual.empty())
        actual = "nothing for " + std::to_string(m_run.timing().reply.count()) + " ms";
    check(isClosed ? v1::CheckRecord::CLOSED : v1::CheckRecord::MISSING, {}, expected, actual);
    return Progress::Ended;
}

const Item *Task::find(const Lane &lane, const v1::Packet &pattern, std::optional<PacketId> id) const
{
    for (const auto &item : lane.inbox) {
        if (item.isLapsed || m_view.isConsumed(item.event))
            continue;
        const v1::Packet &packet = m_run.packetOf(item);
        if (selects(pattern, packet) && (!id || packetIdOf(packet) == *id))
            return &item;
    }
    return nullptr;
}

std::optional<PacketId> Task::symbol(const Lane &lane, const std::string &name) const
{
    if (name.empty())
        return std::nullopt;
    const auto bound = m_view.name(lane.session->clientId + "#" + name);
    return bound ? std::optional(static_cast<PacketId>(std::stoul(*bound))) : std::nullopt;
}

void Task::bindSymbol(const Lane &lane, const std::string &name, PacketId id)
{
    if (!name.empty())
        m_view.bind(lane.session->clientId + "#" + name, std::to_string(id));
}

std::optional<std::string> Task::value(const std::string &text) const
{
    const auto expression = script::parseExpression(text);
    if (!expression)
        return std::nullopt;
    script::Names names;
    names.name = [this](const std::string &name) -> std::optional<std::string> {
        if (const auto *axis = m_run.variant().axis(name))
            return *axis;
        return m_view.name(name);
    };
    names.granted = [this](const std::string &laneName, const std::string &field) -> std::optional<std::string> {
        const Lane &lane = m_run.lane(laneName);
        if (const auto told = fieldText(lane.granted, field))
            return told;
        if (const auto asked = fieldText(lane.connect, field))
            return asked;
        return field == "receive_maximum" ? "65535" : "0";
    };
    names.declared = [this](const std::string &field) -> std::optional<std::string> {
        const auto &declared = m_run.options().declared;
        const auto found = declared.find(field);
        return found == declared.end() ? std::nullopt : std::optional(found->second);
    };
    return script::evaluate(*expression, names);
}

void Task::applySets(const google::protobuf::RepeatedPtrField<v1::Set> &sets, google::protobuf::Message &message) const
{
    for (const auto &set : sets) {
        const auto known = value(set.of());
        if (!known || !setField(message, set.field(), *known))
            m_run.harnessError(m_planned.at.text() + ": cannot set " + set.field() + " from \"" + set.of() + "\"");
    }
}

void Task::bindFields(const google::protobuf::RepeatedPtrField<v1::Bind> &binds, const v1::Packet &packet)
{
    for (const auto &bind : binds)
        m_view.bind(bind.as(), fieldText(packet, bind.field()).value_or("0"));
}

void Task::compare(const v1::Packet &pattern, const Item &item,
                   const google::protobuf::RepeatedPtrField<std::string> &absent,
                   const google::protobuf::RepeatedPtrField<v1::Within> &within)
{
    const v1::Packet &packet = m_run.packetOf(item);
    const v1::Version version = m_run.versionOf(item.event);
    auto found = mismatches(pattern, packet, version);
    for (auto &wrong : notAbsent(absent, packet))
        found.push_back(std::move(wrong));
    for (const auto &range : within) {
        std::optional<std::uint32_t> limit;
        if (range.has_max())
            limit = range.max();
        if (const auto known = range.has_max_of() ? value(range.max_of()) : std::nullopt)
            limit = static_cast<std::uint32_t>(std::stoul(*known));
        const bool isV5Only = version == v1::V3 && range.field() == "code" && !packet.has_connack();
        if (isV5Only)
            continue;
        if (auto wrong = notWithin(range, limit, packet))
            found.push_back(std::move(*wrong));
    }
    for (const auto &wrong : found)
        check(v1::CheckRecord::MISMATCH, wrong.field, wrong.expected, wrong.actual, item.event);
    if (found.empty())
        check(v1::CheckRecord::MET, {}, {}, {}, item.event);
}

Track::Track(Run &run, View &view, const std::vector<script::PlannedStep> &steps) : m_run(run), m_view(view), m_steps(steps)
{
}

Track::~Track() = default;

Progress Track::advance()
{
    while (!m_ended && (m_task || m_position < m_steps.size())) {
        if (!m_task && m_run.isHeld(m_steps[m_position]))
            break;
        if (!m_task)
            begin();
        const Progress progress = m_task->advance();
        if (progress == Progress::Waiting)
            break;
        // A branch with a broken check has lost: it must not act any further.
        m_ended = progress == Progress::Ended || (m_view.isTentative() && m_view.hasBrokenCheck());
        end();
    }
    for (const auto &watch : m_watches)
        watch->advance();
    if (m_ended)
        return Progress::Ended;
    return m_task || m_position < m_steps.size() ? Progress::Waiting : Progress::Done;
}

void Track::begin()
{
    const auto &planned = m_steps[m_position];
    m_stepBegan = m_run.now();
    auto &event = m_run.event(v1::TraceEvent::STEP, nullptr, nullptr);
    event.set_step(planned.index);
    event.set_text(planned.at.text() + ' ' + script::verbName(planned.step));
    m_task = makeTask(m_run, m_view, planned);
    if (!planned.step.label().empty())
        m_run.labels()[planned.step.label()] = {beginningOf(m_run, planned.step, m_stepBegan), m_run.now()};
}

void Track::end()
{
    const auto &planned = m_steps[m_position];
    if (!planned.step.label().empty())
        m_run.labels()[planned.step.label()].end = m_run.now();
    if (m_task->staysOn())
        m_watches.push_back(std::move(m_task));
    m_task.reset();
    ++m_position;
}

Time Track::deadline() const { return m_task && !m_ended ? m_task->deadline() : Time::max(); }

bool Track::isParked() const { return m_task && !m_ended && m_task->isParked(); }

const script::PlannedStep *Track::current() const { return m_position < m_steps.size() ? &m_steps[m_position] : nullptr; }

} // namespace hiatus::run
