#include "scenarios/interpreter/run.h"

#include <algorithm>

namespace hiatus::run {

namespace {

bool waitsForATimer(const v1::Step &step)
{
    return step.drop().how() == v1::KEEPALIVE || step.closed().has_due() || step.expect().has_due() || step.take().has_due();
}

Milliseconds budgetOf(const std::vector<script::PlannedStep> &steps, const Timing &timing)
{
    Milliseconds sum{0};
    for (const auto &step : steps) {
        const std::uint32_t times = std::max({1u, step.step.publish().count(), step.step.app().publish().count()});
        sum += timing.reply * (3 * static_cast<int>(std::min(times, 1'000u)));
        sum += waitsForATimer(step.step) ? timing.lateLimitOf(Milliseconds(0)) : Milliseconds(0);
        sum += step.step.has_go_round() ? timing.reply * (Timing::roundReplies + 3) : Milliseconds(0);
        sum += step.step.has_target() ? timing.restart * 2 : Milliseconds(0);
        for (const auto &block : step.blocks)
            sum += budgetOf(block.steps, timing);
    }
    return sum;
}

} // namespace

void fillIn(const Account &account, v1::Connect &connect)
{
    if (account.user.empty())
        return;
    connect.set_user_name(account.user);
    if (!account.password.empty())
        connect.set_password(account.password);
}

Run::Run(const script::Variant &variant, world::World &world, RunOptions options)
    : m_variant(variant), m_world(world), m_options(std::move(options)), m_scope(variant.id, m_options.seed, m_options.topicRoot), m_view(m_trace)
{
    std::map<std::string, std::shared_ptr<SessionState>> sessions;
    for (const auto &script : variant.lanes) {
        Lane &lane = m_lanes[script.name()];
        lane.script = script;
        lane.version = variant.versionOf(script.name());
        const std::string name = script.has_session() ? script.session() : script.name();
        auto &session = sessions[name];
        if (!session) {
            session = std::make_shared<SessionState>();
            session->clientId = m_scope.clientId(script);
        }
        lane.session = session;
    }
    m_track = std::make_unique<Track>(*this, m_view, m_variant.steps);
}

Run::~Run() = default;

void Run::start(std::function<void()> finished)
{
    m_finished = std::move(finished);
    m_world.setListener(this);
    m_started = now();
    const Milliseconds waits(static_cast<std::int64_t>(m_variant.plannedSeconds * 3'000.0) + 15'000);
    m_hardDeadline = m_started + budgetOf(m_variant.steps, timing()) * 2 + waits + timing().queueing * 4;
    m_phase = Phase::Steps;
    pump();
}

void Run::abandon(const std::string &why)
{
    if (m_phase == Phase::Over)
        return;
    harnessError(why);
    finish();
}

void Run::leave(const std::string &why)
{
    if (m_phase != Phase::Steps && m_phase != Phase::LastPings)
        return;
    harnessError(why);
    m_trace.set_complete(false);
    beginCleanup();
    pump();
}

bool Run::isHeld(const script::PlannedStep &step)
{
    if (m_options.holdAt.empty() || !m_options.hold || m_released.count(&step))
        return false;
    const std::string line = ":" + std::to_string(step.at.line) + ":";
    const std::string place = "/" + step.at.text() + ":";
    const bool isIt = line == ":" + m_options.holdAt + ":" || step.step.label() == m_options.holdAt || place.find("/" + m_options.holdAt + ":") != std::string::npos;
    if (!isIt)
        return false;
    if (m_held != &step) {
        m_held = &step;
        m_heldSince = now();
        m_options.hold(step.at.text(), [this, alive = std::weak_ptr(m_alive)] {
            if (!alive.expired())
                release();
        });
    }
    return m_held == &step;
}

void Run::release()
{
    if (!m_held)
        return;
    m_released.insert(std::exchange(m_held, nullptr));
    m_hardDeadline += now() - m_heldSince;
    pump();
}

bool Run::isParked() const { return m_phase == Phase::Steps && m_track->isParked(); }

std::string Run::position() const
{
    const auto *step = m_phase == Phase::Steps ? m_track->current() : nullptr;
    return step ? step->at.text() : std::string("cleaning up");
}

void Run::pump()
{
    if (m_isPumping || m_phase == Phase::Over || m_phase == Phase::Idle)
        return;
    m_isPumping = true;
    pingIdleLanes();
    advancePhase();
    m_isPumping = false;
    tellLog();
    if (m_phase != Phase::Over)
        rearm();
    else if (m_finished)
        std::exchange(m_finished, nullptr)();
}

void Run::tellLog()
{
    for (; m_options.log && m_logged < m_trace.event_size(); ++m_logged)
        m_options.log(m_trace.event(m_logged));
}

/// The target has told a longer interval than any that the plan allows for.
bool Run::isParkedForTooLong() const
{
    return !m_held && m_track->isParked() && m_track->deadline() != Time::max() && m_track->deadline() > m_hardDeadline;
}

void Run::advancePhase()
{
    if (m_phase == Phase::Steps) {
        const Progress progress = m_trace.has_harness_error() ? Progress::Ended : m_track->advance();
        if (progress == Progress::Waiting && isParkedForTooLong())
            lacks("short-intervals");
        else if (progress == Progress::Waiting && (m_held || now() < m_hardDeadline))
            return;
        else if (progress == Progress::Waiting)
            harnessError("the variant's hard deadline passed at " + position());
        m_trace.set_complete(progress == Progress::Done);
        beginLastPings();
    }
    if (m_phase == Phase::LastPings && lastPingsDone()) {
        m_track->advance(); // watches see what came last
        if (m_trace.complete())
            chargeLeftovers();
        beginCleanup();
    }
    if (m_phase == Phase::CleaningUp && cleanupDone())
        finish();
}

void Run::finish()
{
    m_phase = Phase::Over;
    m_world.wakeAt(Time::max());
}

void Run::rearm()
{
    const Time steps = m_held ? m_track->deadline() : std::min(m_track->deadline(), m_hardDeadline);
    Time next = m_phase == Phase::Steps ? steps : m_phaseDeadline;
    for (const auto &[name, lane] : m_lanes) {
        if (lane.party() == v1::MQTT_CLIENT && lane.isConnected && !lane.isSilent && lane.keepAlive() > 0)
            next = std::min(next, lane.current->lastSent + Milliseconds(lane.keepAlive() * 500));
    }
    m_world.wakeAt(next);
}

/// Lanes behave as clients do: they ping before the keep alive runs out, at half of it.
void Run::pingIdleLanes()
{
    for (auto &[name, lane] : m_lanes) {
        if (lane.party() != v1::MQTT_CLIENT || !lane.isConnected || lane.isSilent || lane.keepAlive() == 0)
            continue;
        if (lane.current->isDropped || now() < lane.current->lastSent + Milliseconds(lane.keepAlive() * 500))
            continue;
        ping(lane);
    }
}

} // namespace hiatus::run
