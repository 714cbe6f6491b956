#pragma once
// A sequence of steps, and one step at work.

#include "hiatus/v1/report.pb.h"
#include "scenarios/interpreter/lane.h"
#include "scenarios/interpreter/view.h"
#include "scenarios/script/plan.h"

#include <memory>
#include <vector>

namespace hiatus::run {

class Run;

/// Waiting: for an event or the deadline. Done: the next step may start. Ended: a packet is missing, the track is over.
enum class Progress { Waiting, Done, Ended };

/// One step at work: a small state machine that is asked again after every event.
class Task
{
public:
    Task(Run &run, View &view, const script::PlannedStep &planned) : m_run(run), m_view(view), m_planned(planned) {}
    virtual ~Task() = default;

    virtual Progress advance() = 0;
    virtual Time deadline() const { return m_deadline; }
    /// Is it asked again after it is done, to the end of the track (`never`, `delivered`)?
    virtual bool staysOn() const { return false; }
    /// Waits only for a spec timer.
    virtual bool isParked() const { return false; }

protected:
    using Outcome = v1::CheckRecord::Outcome;

    const v1::Step &step() const { return m_planned.step; }
    std::uint32_t index() const { return m_planned.index; }
    bool isLate() const;
    /// Starts the clock of a reply.
    void expectReply();
    void check(Outcome outcome, const std::string &field, const std::string &expected, const std::string &actual,
               std::optional<std::uint32_t> event = {});
    /// The same, as set-up wherever the step stands: lawful of the target, but the scenario cannot be run with it.
    void checkSetup(Outcome outcome, const std::string &field, const std::string &expected, const std::string &actual,
                    std::optional<std::uint32_t> event = {});
    /// Records why the wait is over without the packet and ends the track.
    Progress missing(const Lane &lane, const std::string &expected);
    /// The first packet in the inbox, not consumed, that the pattern (and the id) selects.
    const Item *find(const Lane &lane, const v1::Packet &pattern, std::optional<PacketId> id) const;
    void consume(const Item &item) { m_view.consume(item.event, index()); }
    /// What a symbol names in that lane's session; binds a fresh one if asked.
    std::optional<PacketId> symbol(const Lane &lane, const std::string &name) const;
    void bindSymbol(const Lane &lane, const std::string &name, PacketId id);
    /// The value of a `Set.of` and its like.
    std::optional<std::string> value(const std::string &expression) const;
    /// Applies what the planner had to leave to the run. A name that is not known is the harness's fault.
    void applySets(const google::protobuf::RepeatedPtrField<v1::Set> &sets, google::protobuf::Message &message) const;
    void bindFields(const google::protobuf::RepeatedPtrField<v1::Bind> &binds, const v1::Packet &packet);
    void compare(const v1::Packet &pattern, const Item &item,
                 const google::protobuf::RepeatedPtrField<std::string> &absent,
                 const google::protobuf::RepeatedPtrField<v1::Within> &within);

    v1::CheckRecord recordOf(Outcome outcome, const std::string &field, const std::string &expected, const std::string &actual,
                             std::optional<std::uint32_t> event) const;

    Run &m_run;
    View &m_view;
    const script::PlannedStep &m_planned;
    Time m_deadline = Time::max();
};

std::unique_ptr<Task> makeTask(Run &run, View &view, const script::PlannedStep &planned);

class Track
{
public:
    Track(Run &run, View &view, const std::vector<script::PlannedStep> &steps);
    ~Track();

    Progress advance();
    Time deadline() const;
    bool isParked() const;
    const script::PlannedStep *current() const;

private:
    void begin();
    void end();

    Run &m_run;
    View &m_view;
    const std::vector<script::PlannedStep> &m_steps;
    std::size_t m_position = 0;
    Time m_stepBegan{};
    std::unique_ptr<Task> m_task;
    std::vector<std::unique_ptr<Task>> m_watches; ///< done, and still on
    bool m_ended = false;
};

} // namespace hiatus::run
