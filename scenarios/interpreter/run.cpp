#include "scenarios/interpreter/run.h"

#include "proto/wire/encoder.h"
#include "proto/wire/text.h"
#include "scenarios/interpreter/exchange.h"
#include "scenarios/interpreter/matcher.h"

#include <algorithm>

namespace hiatus::run {

namespace {

const std::string unsupportedMark = "unsupported: "; ///< the judge skips what a client cannot do
constexpr const char *hidden = "***"; ///< a password in a trace
constexpr std::size_t mostEvents = 20'000; ///< a target that floods a variant is cut off here

double inMilliseconds(Milliseconds span) { return static_cast<double>(span.count()); }

Milliseconds budgetOf(const std::vector<script::PlannedStep> &steps, const Timing &timing)
{
    Milliseconds sum{0};
    for (const auto &step : steps) {
        const std::uint32_t times = std::max({1u, step.step.publish().count(), step.step.app().publish().count()});
        sum += timing.reply * (3 * static_cast<int>(std::min(times, 1'000u)));
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
        const std::string name = script.has_session() ? script.session() : script.name();
        auto &session = sessions[name];
        if (!session) {
            session = std::make_shared<SessionState>();
            session->clientId = m_scope.clientId(name);
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

Lane &Run::lane(const std::string &name)
{
    const auto found = m_lanes.find(name);
    if (found != m_lanes.end())
        return found->second;
    harnessError("no lane is called \"" + name + "\"; `hiatus lint` would have said so");
    return m_lanes[name];
}

void Run::harnessError(const std::string &why)
{
    if (!m_trace.has_harness_error())
        m_trace.set_harness_error(why);
}

// ---- what goes out

Account Run::account(std::uint32_t number) const
{
    return number < m_options.accounts.size() ? m_options.accounts[number] : Account{};
}

bool Run::isSecret(const std::string &password) const
{
    return !password.empty() && std::any_of(m_options.accounts.begin(), m_options.accounts.end(),
                                            [&password](const Account &account) { return account.password == password; });
}

Link &Run::openLink(Lane &lane, std::uint32_t endpoint)
{
    const LinkId id = m_world.connect(endpoint);
    lane.links.push_back(std::make_unique<Link>(id, static_cast<std::uint32_t>(lane.links.size() + 1),
                                                wire::Direction::ToClient, m_variant.version));
    lane.current = lane.links.back().get();
    lane.isConnected = false;
    lane.pongsReceived = lane.pingsSent; // what the last connection left unanswered is no matter here
    m_links[id] = {&lane, lane.current};
    return *lane.current;
}

PacketId Run::newPacketId(Lane &lane)
{
    SessionState &session = *lane.session;
    do {
        session.lastPacketId = static_cast<PacketId>(session.lastPacketId == 65535 ? 1 : session.lastPacketId + 1);
    } while (session.open.count(session.lastPacketId) && session.open.size() < 65535);
    session.open.insert(session.lastPacketId);
    return session.lastPacketId;
}

v1::TraceEvent &Run::event(v1::TraceEvent::Kind kind, const Lane *lane, const Link *link)
{
    if (static_cast<std::size_t>(m_trace.event_size()) == mostEvents)
        harnessError("more than " + std::to_string(mostEvents) + " events in one variant");
    v1::TraceEvent &event = *m_trace.add_event();
    event.set_kind(kind);
    event.set_at(inMilliseconds(now() - m_started));
    if (lane)
        event.set_lane(lane->name());
    if (link)
        event.set_link(link->number);
    return event;
}

void Run::note(const Lane *lane, v1::TraceEvent::Kind kind, const std::string &text)
{
    event(kind, lane, lane ? lane->current : nullptr).set_text(text);
}

void Run::send(Lane &lane, const v1::Packet &packet, std::uint32_t step) { sendAll(lane, {packet}, {}, step); }

void Run::sendAll(Lane &lane, const std::vector<v1::Packet> &packets, const std::vector<std::size_t> &splitAt,
                  std::uint32_t step)
{
    if (!lane.current || lane.current->isClosed)
        return; // the task that wanted to write sees the closed link and says so
    std::string bytes;
    for (const auto &packet : packets) {
        v1::Packet scoped = packet;
        m_scope.outward(scoped);
        const std::size_t start = bytes.size();
        wire::encodeTo(bytes, scoped, m_variant.version);
        const bool isRaw = packet.kind_case() == v1::Packet::KIND_NOT_SET || packet.has_wire();
        auto &written = event(isRaw ? v1::TraceEvent::RAW_SENT : v1::TraceEvent::SENT, &lane, lane.current);
        *written.mutable_packet() = packet;
        written.set_bytes(bytes.substr(start));
        if (scoped.has_connect() && isSecret(scoped.connect().password())) {
            written.mutable_packet()->mutable_connect()->set_password(hidden);
            scoped.mutable_connect()->set_password(hidden);
            written.set_bytes(wire::encode(scoped, m_variant.version));
        }
        written.set_step(step);
    }
    std::size_t from = 0;
    for (const std::size_t cut : splitAt) {
        if (cut > from && cut < bytes.size()) {
            m_world.write(lane.current->id, bytes.substr(from, cut - from));
            from = cut;
        }
    }
    m_world.write(lane.current->id, bytes.substr(from));
    lane.current->lastSent = now();
}

void Run::command(Lane &lane, v1::ClientCommand command)
{
    AppState &app = *lane.app;
    command.set_number(++app.lastCommand);
    event(v1::TraceEvent::APP_COMMAND, &lane, nullptr).set_text(command.ShortDebugString());
    m_world.command(app.id, command);
}

void Run::bound(std::uint32_t event, const std::string &symbol, std::uint32_t id)
{
    m_trace.mutable_event(static_cast<int>(event))->set_binds(symbol + "=" + std::to_string(id));
}

void Run::dropped(Lane &lane, const std::string &how)
{
    note(&lane, v1::TraceEvent::DROPPED, how);
    lane.isConnected = false;
    if (lane.current)
        lane.current->isDropped = true;
    for (auto &item : lane.inbox)
        item.isLapsed = item.isLapsed || !lane.current || item.link <= lane.current->number;
}

void Run::targetGoesDown(v1::Halt how)
{
    event(v1::TraceEvent::HALTED, nullptr, nullptr).set_text(how == v1::KILL ? "the target is killed" : "the target is stopped");
    for (auto &[name, lane] : m_lanes) {
        if (lane.isConnected)
            dropped(lane, "with the target");
        if (lane.current)
            lane.current->isDropped = true;
    }
}

void Run::targetIsDown()
{
    for (auto &[id, place] : m_links) {
        if (!place.second->isClosed)
            m_world.reset(id);
    }
    for (auto &[name, lane] : m_lanes) {
        for (auto &item : lane.inbox)
            item.isLapsed = true;
        lane.left = v1::RST;
    }
}

// ---- what comes in

std::pair<Lane *, Link *> Run::find(LinkId link)
{
    const auto found = m_links.find(link);
    return found == m_links.end() ? std::pair<Lane *, Link *>{} : found->second;
}

const v1::Packet &Run::packetOf(const Item &item) const { return m_trace.event(static_cast<int>(item.event)).packet(); }

void Run::opened(LinkId id)
{
    const auto [lane, link] = find(id);
    if (link) {
        link->isOpen = true;
        event(v1::TraceEvent::OPENED, lane, link);
    }
    pump();
}

void Run::accepted(LinkId id)
{
    for (auto &[name, lane] : m_lanes) {
        if (lane.party() != v1::MQTT_BROKER)
            continue;
        lane.links.push_back(std::make_unique<Link>(id, static_cast<std::uint32_t>(lane.links.size() + 1),
                                                    wire::Direction::ToServer, m_variant.version));
        Link *link = lane.links.back().get();
        link->isOpen = true;
        lane.waiting.push_back(link);
        m_links[id] = {&lane, link};
        event(v1::TraceEvent::OPENED, &lane, link);
        break;
    }
    pump();
}

void Run::received(LinkId id, std::string_view bytes)
{
    const auto cleanup = m_cleanup.find(id);
    if (cleanup != m_cleanup.end()) {
        cleanup->second = true;
        pump();
        return;
    }
    const auto [lane, link] = find(id);
    if (!link || m_phase == Phase::Over)
        return;
    link->decoder.feed(bytes);
    while (auto result = link->decoder.next()) {
        if (auto *frame = std::get_if<wire::Frame>(&*result))
            takeFrame(*lane, *link, std::move(*frame));
        else
            takeMalformed(*lane, *link, std::get<wire::Malformed>(*result));
    }
    pump();
}

void Run::takeFrame(Lane &lane, Link &link, wire::Frame frame)
{
    m_scope.inward(frame.packet);
    const auto number = static_cast<std::uint32_t>(m_trace.event_size());
    auto &received = event(v1::TraceEvent::RECEIVED, &lane, &link);
    received.set_bytes(std::move(frame.bytes));
    *received.mutable_packet() = std::move(frame.packet);
    resolveAlias(link, *received.mutable_packet());
    const v1::Packet &packet = received.packet();
    const bool isOld = &link != lane.current && lane.party() == v1::MQTT_CLIENT;
    if (packet.has_pingresp())
        ++lane.pongsReceived;
    if (packet.has_pingreq() && lane.party() == v1::MQTT_BROKER) {
        received.set_ambient(true);
        v1::Packet pong;
        pong.mutable_pingresp();
        send(lane, pong, 0);
        m_trace.mutable_event(m_trace.event_size() - 1)->set_ambient(true);
        return;
    }
    if (packet.has_pingresp() || isOld) {
        received.set_ambient(true);
        return;
    }
    if (takeSentinel(lane, number))
        return;
    lane.inbox.push_back({number, link.number, now(), false});
}

/// An alias that was set on this connection stands for its topic; the bytes keep what was on the wire.
void Run::resolveAlias(Link &link, v1::Packet &packet)
{
    if (!packet.has_publish() || !packet.publish().has_topic_alias())
        return;
    std::string &topic = link.aliases[packet.publish().topic_alias()];
    if (packet.publish().topic().empty() && !topic.empty())
        packet.mutable_publish()->set_topic(topic);
    else
        topic = packet.publish().topic();
}

/// Whoever is subscribed sees the sentinels of fences, and completes them at once: they must not hold a window. So does
/// a `take { maybe }` with what it asks for. True: a PUBREL that belongs to one; the PUBLISH itself goes to the inbox,
/// where its fence looks for it.
bool Run::takeSentinel(Lane &lane, std::uint32_t number)
{
    auto &event = *m_trace.mutable_event(static_cast<int>(number));
    const v1::Packet packet = event.packet();
    if (lane.party() != v1::MQTT_CLIENT)
        return false;
    if (packet.has_pubrel() && lane.sentinels.erase(static_cast<PacketId>(packet.pubrel().packet_id()))) {
        event.set_ambient(true);
        send(lane, ackPacket(v1::Packet::kPubcomp, static_cast<PacketId>(packet.pubrel().packet_id())), 0);
        m_trace.mutable_event(m_trace.event_size() - 1)->set_ambient(true);
        return true;
    }
    if (!packet.has_publish() || packet.publish().qos() == 0)
        return false;
    if (packet.publish().payload().rfind(sentinelMark, 0) == 0 || isToBeCompleted(lane, packet))
        completeAtOnce(lane, packet.publish());
    return false;
}

bool Run::isToBeCompleted(Lane &lane, const v1::Packet &packet)
{
    for (auto &tolerance : lane.tolerated) {
        if (!tolerance.completes || !selects(patternOf(tolerance.expect), packet))
            continue;
        tolerance.completes = false; // the first one only
        return true;
    }
    return false;
}

void Run::completeAtOnce(Lane &lane, const v1::Publish &publish)
{
    const auto id = static_cast<PacketId>(publish.packet_id());
    if (publish.qos() == 2)
        lane.sentinels.insert(id);
    send(lane, ackPacket(publish.qos() == 2 ? v1::Packet::kPubrec : v1::Packet::kPuback, id), 0);
    m_trace.mutable_event(m_trace.event_size() - 1)->set_ambient(true);
}

void Run::tolerate(Lane &lane, Tolerance tolerance)
{
    lane.tolerated.push_back(std::move(tolerance));
    for (const auto &item : lane.inbox) {
        const v1::Packet packet = packetOf(item);
        const bool isOpen = !item.isLapsed && !m_view.isConsumed(item.event) && packet.has_publish() && packet.publish().qos() > 0;
        if (isOpen && isToBeCompleted(lane, packet))
            completeAtOnce(lane, packet.publish());
    }
}

bool Run::isExcused(View &view, Lane &lane, const Item &item)
{
    const v1::Packet &packet = packetOf(item);
    if (packet.has_disconnect() || (packet.has_publish() && packet.publish().payload().rfind(sentinelMark, 0) == 0))
        return true;
    if ((packet.has_puback() || packet.has_pubrec() || packet.has_pubcomp()) && lane.fences.count(static_cast<PacketId>(packetIdOf(packet).value_or(0))))
        return true;
    for (auto tolerance = lane.tolerated.begin(); tolerance != lane.tolerated.end(); ++tolerance) {
        if (!selects(patternOf(tolerance->expect), packet))
            continue;
        view.consume(item.event, tolerance->step);
        if (tolerance->expect.has_fact())
            view.fact(tolerance->expect.fact(), "yes");
        lane.tolerated.erase(tolerance);
        return true;
    }
    return false;
}

void Run::takeMalformed(Lane &lane, Link &link, const wire::Malformed &what)
{
    const auto number = static_cast<std::uint32_t>(m_trace.event_size());
    auto &received = event(v1::TraceEvent::MALFORMED, &lane, &link);
    received.set_bytes(what.bytes);
    received.set_text(what.reason + " at byte " + std::to_string(what.offset) + ": " + what.text);
    v1::CheckRecord record;
    record.set_outcome(v1::CheckRecord::MALFORMED);
    record.set_event(number);
    record.set_field(what.statement);
    record.set_expected("a well-formed packet");
    record.set_actual(received.text());
    m_view.record(record);
}

void Run::closed(LinkId id, world::Ending how, const std::string &why)
{
    const auto cleanup = m_cleanup.find(id);
    if (cleanup != m_cleanup.end()) {
        m_cleanup.erase(cleanup);
        pump();
        return;
    }
    const auto [lane, link] = find(id);
    if (link && !link->isClosed) {
        link->isClosed = true;
        link->ending = how;
        link->why = why;
        link->closedAt = now();
        static const char *const words[] = {"closed by the peer", "reset by the peer", "not connected"};
        auto &event = this->event(v1::TraceEvent::CLOSED, lane, link);
        event.set_text(link->isDropped && how == world::Ending::Reset ? "reset by us" : words[static_cast<int>(how)]);
        if (!why.empty())
            event.set_text(event.text() + ": " + why);
        if (link == lane->current)
            lane->isConnected = false;
        if (how == world::Ending::Refused && !m_trace.has_target_gone() && lane->party() == v1::MQTT_CLIENT)
            m_trace.set_target_gone(why.empty() ? "the target refused a network connection" : why);
    }
    pump();
}

Lane *Run::laneOf(world::AppId app)
{
    for (auto &[name, lane] : m_lanes) {
        if (lane.app && lane.app->id == app)
            return &lane;
    }
    return nullptr;
}

void Run::appEvent(world::AppId app, const v1::ClientEvent &what)
{
    if (Lane *lane = laneOf(app)) {
        lane->app->events.push_back(what);
        auto &event = this->event(v1::TraceEvent::APP_EVENT, lane, nullptr);
        v1::ClientEvent shown = what;
        if (shown.has_delivery()) {
            m_scope.inward(*shown.mutable_delivery()->mutable_publish());
            *event.mutable_packet()->mutable_publish() = shown.delivery().publish();
        }
        event.set_text(shown.ShortDebugString());
        if (what.has_failed())
            harnessError("client " + lane->name() + ": " + what.failed().why());
        if (what.has_unsupported() && !m_trace.has_harness_error())
            m_trace.set_harness_error(unsupportedMark + what.unsupported().feature());
    }
    pump();
}

void Run::cut(world::AppId app, std::uint32_t times)
{
    if (const Lane *lane = laneOf(app))
        event(v1::TraceEvent::CUT, lane, nullptr).set_text("link cut for the " + std::to_string(times) + ". time");
    pump();
}

void Run::passed(world::AppId app, const v1::Packet &packet, bool toServer, bool isLost)
{
    const Lane *lane = laneOf(app);
    if (!lane)
        return;
    auto &passed = event(toServer ? v1::TraceEvent::SENT : v1::TraceEvent::RECEIVED, lane, nullptr);
    *passed.mutable_packet() = packet;
    m_scope.inward(*passed.mutable_packet());
    if (isLost)
        passed.set_lost(true);
}

void Run::woke() { pump(); }

void Run::targetChanged(bool isUp, const std::string &problem)
{
    m_target = {isUp, problem};
    if (isUp)
        event(v1::TraceEvent::STARTED, nullptr, nullptr).set_text("the target is up again");
    pump();
}

// ---- the run itself

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

void Run::advancePhase()
{
    if (m_phase == Phase::Steps) {
        const Progress progress = m_trace.has_harness_error() ? Progress::Ended : m_track->advance();
        if (progress == Progress::Waiting && (m_held || now() < m_hardDeadline))
            return;
        if (progress == Progress::Waiting)
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

/// A last PINGREQ on every connected lane brings out what the target still had to say there.
void Run::beginLastPings()
{
    m_phase = Phase::LastPings;
    m_phaseDeadline = now() + timing().reply;
    for (auto &[name, lane] : m_lanes) {
        if (!m_trace.complete() || lane.party() != v1::MQTT_CLIENT || !lane.isConnected || lane.isSilent)
            continue;
        v1::Packet ping;
        ping.mutable_pingreq();
        send(lane, ping, 0);
        m_trace.mutable_event(m_trace.event_size() - 1)->set_ambient(true);
        ++lane.pingsSent;
    }
}

bool Run::lastPingsDone()
{
    return now() >= m_phaseDeadline || !m_trace.complete() ||
           std::all_of(m_lanes.begin(), m_lanes.end(), [](const auto &entry) {
               const Lane &lane = entry.second;
               return !lane.isConnected || lane.isSilent || lane.pongsReceived >= lane.pingsSent;
           });
}

void Run::chargeLeftovers()
{
    for (auto &[name, lane] : m_lanes) {
        for (const auto &item : lane.inbox) {
            const v1::Packet &packet = packetOf(item);
            if (item.isLapsed || m_view.isConsumed(item.event) || isExcused(m_view, lane, item))
                continue;
            v1::CheckRecord record;
            record.set_outcome(v1::CheckRecord::SURPLUS);
            record.set_event(item.event);
            record.set_field("surplus");
            if (lane.lastFence)
                record.set_step(*lane.lastFence);
            record.set_expected("nothing more on lane " + name);
            record.set_actual(wire::text(packet, m_variant.version));
            m_view.record(record);
        }
    }
}

/// Ends every session that the run made and that would outlive it.
void Run::beginCleanup()
{
    m_phase = Phase::CleaningUp;
    m_phaseDeadline = now() + timing().reply + timing().queueing;
    for (auto &[id, place] : m_links) {
        if (!place.second->isClosed)
            m_world.reset(id);
    }
    if (!m_options.cleansUp)
        return;
    std::set<std::pair<std::string, std::uint32_t>> clients; // and whose they may be
    for (const auto &[name, lane] : m_lanes) {
        if (lane.party() != v1::MQTT_CLIENT)
            continue;
        for (const std::uint32_t number : lane.session->accounts)
            clients.insert({lane.session->clientId, number});
    }
    for (const auto &[clientId, number] : clients) {
        v1::Packet connect;
        connect.mutable_connect()->set_client_id(clientId);
        connect.mutable_connect()->set_clean(true);
        fillIn(account(number), *connect.mutable_connect());
        v1::Packet disconnect;
        disconnect.mutable_disconnect();
        const LinkId link = m_world.connect(0);
        m_cleanup[link] = false;
        m_world.write(link, wire::encode(connect, m_variant.version));
        m_world.write(link, wire::encode(disconnect, m_variant.version));
    }
}

bool Run::cleanupDone()
{
    std::vector<LinkId> answered;
    for (const auto &[link, isAnswered] : m_cleanup) {
        if (isAnswered || now() >= m_phaseDeadline)
            answered.push_back(link);
    }
    for (const LinkId link : answered) {
        m_cleanup.erase(link);
        m_world.shutdown(link);
    }
    return m_cleanup.empty();
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
        v1::Packet ping;
        ping.mutable_pingreq();
        send(lane, ping, 0);
        m_trace.mutable_event(m_trace.event_size() - 1)->set_ambient(true);
        ++lane.pingsSent;
    }
}

} // namespace hiatus::run
