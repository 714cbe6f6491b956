// What a run does to its lanes: opens, writes, traces, lets go.

#include "scenarios/interpreter/run.h"

#include "proto/wire/encoder.h"
#include "scenarios/interpreter/matcher.h"

#include <algorithm>

namespace hiatus::run {

namespace {

constexpr const char *hidden = "***"; ///< a password in a trace
constexpr std::size_t mostEvents = 20'000; ///< a target that floods a variant is cut off here

double inMilliseconds(Milliseconds span) { return static_cast<double>(span.count()); }

} // namespace

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

void Run::lacks(const std::string &capability) { harnessError("unsupported: " + capability); }

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
                                                wire::Direction::ToClient, lane.version));
    lane.current = lane.links.back().get();
    lane.isConnected = false;
    lane.pongsReceived = lane.pingsSent; // what the last connection left unanswered is no matter here
    m_links[id] = {&lane, lane.current};
    return *lane.current;
}

void Run::ping(Lane &lane)
{
    v1::Packet ping;
    ping.mutable_pingreq();
    send(lane, ping, 0);
    m_trace.mutable_event(m_trace.event_size() - 1)->set_ambient(true);
    ++lane.pingsSent;
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
    if (lane && lane->version != m_variant.version)
        event.set_version(lane->version);
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
        wire::encodeTo(bytes, scoped, lane.version);
        const bool isRaw = packet.kind_case() == v1::Packet::KIND_NOT_SET || packet.has_wire();
        auto &written = event(isRaw ? v1::TraceEvent::RAW_SENT : v1::TraceEvent::SENT, &lane, lane.current);
        *written.mutable_packet() = packet;
        written.set_bytes(bytes.substr(start));
        if (scoped.has_connect() && isSecret(scoped.connect().password())) {
            written.mutable_packet()->mutable_connect()->set_password(hidden);
            scoped.mutable_connect()->set_password(hidden);
            written.set_bytes(wire::encode(scoped, lane.version));
        }
        written.set_step(step);
        noteAnswer(lane, packet);
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

void Run::noteAnswer(Lane &lane, const v1::Packet &packet)
{
    if (packet.has_puback() || packet.has_pubrec())
        lane.current->redeliveries.answered(static_cast<PacketId>(packetIdOf(packet).value_or(0)), lane.pingsSent + 1);
}

void Run::sendUnseen(Lane &lane, const v1::Packet &packet)
{
    noteAnswer(lane, packet);
    v1::Packet scoped = packet;
    m_scope.outward(scoped);
    m_world.write(lane.current->id, wire::encode(scoped, lane.version));
    lane.current->lastSent = now();
}

void Run::command(Lane &lane, v1::ClientCommand command)
{
    AppState &app = *lane.app;
    command.set_number(++app.lastCommand);
    auto &event = this->event(v1::TraceEvent::APP_COMMAND, &lane, nullptr);
    event.set_text(command.ShortDebugString());
    event.set_bytes(command.SerializeAsString());
    m_world.command(app.id, command);
}

void Run::sync(Lane &lane)
{
    v1::ClientCommand command;
    command.mutable_sync();
    lane.app->openSync = lane.app->lastCommand + 1;
    this->command(lane, command);
    m_trace.mutable_event(m_trace.event_size() - 1)->set_ambient(true);
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

} // namespace hiatus::run
