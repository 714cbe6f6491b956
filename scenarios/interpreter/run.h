#pragma once
// Runs one variant in one world: drives its lanes step by step, matches what the target sends, and writes the trace.
// Nothing here judges; judge/ is a pure function of the variant and the trace.

#include "hiatus/v1/report.pb.h"
#include "scenarios/interpreter/lane.h"
#include "scenarios/interpreter/scope.h"
#include "scenarios/interpreter/timing.h"
#include "scenarios/interpreter/track.h"
#include "scenarios/interpreter/view.h"
#include "scenarios/script/plan.h"
#include "scenarios/world/world.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace hiatus::run {

/// When a labelled step happened: a spec timer that it starts, starts somewhere in here.
struct Interval
{
    Time begin{};
    Time end{};
};

/// Of the target's process, where a script stops and starts it.
struct TargetState
{
    bool isUp = true;
    std::string problem; ///< it did not go down, or did not come up
};

/// Whom a CONNECT says it is from.
struct Account
{
    std::string user;     ///< empty: no user name goes out
    std::string password; ///< goes out in CONNECT, and into no trace
};

void fillIn(const Account &account, v1::Connect &connect);

struct RunOptions
{
    Timing timing;
    std::uint64_t seed = 0;
    bool cleansUp = false; ///< end the sessions it made on the target
    std::vector<Account> accounts; ///< who the lanes are: the first, unless `open` says another; none: nobody
    std::string topicRoot;         ///< all topics are below it
    /// The target goes on with a 3.1.1 session and says session present 0: where the script wants 1, it is taken for 1.
    bool isSessionUntold = false;
    std::map<std::string, std::string> declared; ///< what the target's profile says of it: "queue_limit"
    std::function<void(const v1::TraceEvent &event)> log; ///< told of every event, in order
    std::string holdAt;    ///< "LINE", "FILE:LINE" or a label: waits before that step, once, until released
    std::function<void(const std::string &place, std::function<void()> release)> hold;
};

class Run final : public world::WorldListener
{
public:
    Run(const script::Variant &variant, world::World &world, RunOptions options);
    ~Run() override;

    /// Begins; `finished` is called once, from the world's loop (or from here).
    void start(std::function<void()> finished);
    /// Ends the run as the harness's fault: its hard deadline passed, or it was interrupted.
    void abandon(const std::string &why);
    bool isFinished() const { return m_phase == Phase::Over; }
    /// Ends the run because nobody wants it any more, and cleans up first; the trace is of no use.
    void leave(const std::string &why);
    /// Is it only waiting for a spec timer?
    bool isParked() const;
    /// The step in progress, as "file:line:column", for progress lines.
    std::string position() const;

    const v1::Trace &trace() const { return m_trace; }
    v1::Trace takeTrace() { return std::move(m_trace); }

    /// Is the step not to begin yet?
    bool isHeld(const script::PlannedStep &step);

    // For tasks.
    const script::Variant &variant() const { return m_variant; }
    world::World &world() { return m_world; }
    const Timing &timing() const { return m_options.timing; }
    const RunOptions &options() const { return m_options; }
    const Scope &scope() const { return m_scope; }
    /// The account of that number, or one that says nothing.
    Account account(std::uint32_t number) const;
    Time now() const { return m_world.now(); }
    Lane &lane(const std::string &name);
    std::map<std::string, Lane> &lanes() { return m_lanes; }
    std::map<std::string, Interval> &labels() { return m_labels; }
    /// Messages published so far in a numbered stream.
    std::map<std::string, std::uint32_t> &published() { return m_published; }
    /// QoS last published to a topic by a lane, for sentinels.
    std::map<std::string, std::uint32_t> &publishedQos() { return m_publishedQos; }

    /// To one of the target's endpoints.
    Link &openLink(Lane &lane, std::uint32_t endpoint);
    /// Adds the prefix, encodes, writes in one write and traces.
    void send(Lane &lane, const v1::Packet &packet, std::uint32_t step);
    void sendAll(Lane &lane, const std::vector<v1::Packet> &packets, const std::vector<std::size_t> &splitAt,
                 std::uint32_t step);
    /// The same without an event: for what comes and goes in thousands.
    void sendUnseen(Lane &lane, const v1::Packet &packet);
    PacketId newPacketId(Lane &lane);
    const v1::Packet &packetOf(const Item &item) const;
    /// What an event's lane speaks; its packet in one line.
    v1::Version versionOf(std::uint32_t event) const;
    std::string textOf(std::uint32_t event) const;
    v1::TraceEvent &event(v1::TraceEvent::Kind kind, const Lane *lane, const Link *link);
    void note(const Lane *lane, v1::TraceEvent::Kind kind, const std::string &text);
    /// Everything of the dropped link that nobody asked for lapses.
    void dropped(Lane &lane, const std::string &how);
    void command(Lane &lane, v1::ClientCommand command);
    /// Asks the client to say when it has been given all that it was asked for: then `lane.app->openSync` is 0.
    void sync(Lane &lane);
    void harnessError(const std::string &why);
    /// The target has lawfully made a wait longer than was planned.
    void takesLonger(Milliseconds span) { m_hardDeadline += span; }
    /// Ends the run as a SKIP: only now does it show that the target lacks a capability.
    void lacks(const std::string &capability);
    /// Takes a packet that nobody asked for out of the charge: an `expect { maybe }` may have it, and a sentinel that
    /// another lane's fence published is nobody's surplus.
    bool isExcused(View &view, Lane &lane, const Item &item);
    bool isSessionUntold() const { return m_options.isSessionUntold; }
    /// From here on the CONNACK says session present 1; its bytes and its line keep what was on the wire.
    void takeForPresent(const Item &item);
    /// An `expect { maybe }`, or a `take { maybe }`, whose packet may already be there.
    void tolerate(Lane &lane, Tolerance tolerance);
    /// Every connection is lost with the target: what is not consumed lapses.
    void targetGoesDown(v1::Halt how);
    /// What is left of the connections ends, whether or not their end was seen.
    void targetIsDown();
    const TargetState &targetState() const { return m_target; }
    /// Notes in the trace that a symbol was bound to this packet's identifier.
    void bound(std::uint32_t event, const std::string &symbol, std::uint32_t id);

    // WorldListener
    void opened(LinkId link) override;
    void received(LinkId link, std::string_view bytes) override;
    void closed(LinkId link, world::Ending how, const std::string &why) override;
    void accepted(LinkId link) override;
    void appEvent(world::AppId app, const v1::ClientEvent &event) override;
    void cut(world::AppId app, std::uint32_t times) override;
    void passed(world::AppId app, const v1::Packet &packet, bool toServer, bool isLost) override;
    void woke() override;
    void targetChanged(bool isUp, const std::string &problem) override;

private:
    enum class Phase { Idle, Steps, LastPings, CleaningUp, Over };

    void pump();
    bool isParkedForTooLong() const;
    void advancePhase();
    void beginLastPings();
    bool lastPingsDone();
    void chargeLeftovers();
    void beginCleanup();
    bool isSecret(const std::string &password) const;
    bool cleanupDone();
    void finish();
    void rearm();
    void tellLog();
    void release();
    void pingIdleLanes();
    void ping(Lane &lane); ///< one that no step asked for
    std::pair<Lane *, Link *> find(LinkId link);
    static void resolveAlias(Link &link, v1::Packet &packet);
    Lane *laneOf(world::AppId app);
    void takeFrame(Lane &lane, Link &link, wire::Frame frame);
    void takeMalformed(Lane &lane, Link &link, const wire::Malformed &what);
    void noteAnswer(Lane &lane, const v1::Packet &packet);
    bool isRedelivery(Lane &lane, Link &link, const v1::Packet &packet);
    bool takeSentinel(Lane &lane, std::uint32_t number);
    bool isToBeCompleted(Lane &lane, const v1::Packet &packet);
    void completeAtOnce(Lane &lane, const v1::Publish &publish);

    const script::Variant &m_variant;
    world::World &m_world;
    RunOptions m_options;
    Scope m_scope;
    v1::Trace m_trace;
    View m_view;
    std::map<std::string, Lane> m_lanes;
    TargetState m_target;
    std::map<LinkId, std::pair<Lane *, Link *>> m_links;
    std::map<std::string, Interval> m_labels;
    std::map<std::string, std::uint32_t> m_published;
    std::map<std::string, std::uint32_t> m_publishedQos;
    std::unique_ptr<Track> m_track;
    std::function<void()> m_finished;
    Phase m_phase = Phase::Idle;
    bool m_isPumping = false;
    Time m_started{};
    Time m_phaseDeadline = Time::max();
    Time m_hardDeadline = Time::max(); ///< after this the run is at fault itself (sum of its deadlines and waits)
    const script::PlannedStep *m_held = nullptr; ///< waits for release()
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true); ///< who releases may come too late
    std::set<const script::PlannedStep *> m_released;
    Time m_heldSince{};
    int m_logged = 0; ///< events told to the log
    std::map<LinkId, bool> m_cleanup; ///< link -> CONNACK came
};

} // namespace hiatus::run
