// What a run hears from the world: packets, ends, clients, the target itself.

#include "scenarios/interpreter/run.h"

#include "proto/wire/text.h"
#include "scenarios/interpreter/exchange.h"
#include "scenarios/interpreter/matcher.h"

namespace hiatus::run {

namespace {

} // namespace

std::pair<Lane *, Link *> Run::find(LinkId link)
{
    const auto found = m_links.find(link);
    return found == m_links.end() ? std::pair<Lane *, Link *>{} : found->second;
}

const v1::Packet &Run::packetOf(const Item &item) const { return m_trace.event(static_cast<int>(item.event)).packet(); }

v1::Version Run::versionOf(std::uint32_t event) const { return m_variant.versionOf(m_trace.event(static_cast<int>(event)).lane()); }

std::string Run::textOf(std::uint32_t event) const
{
    return wire::text(m_trace.event(static_cast<int>(event)).packet(), versionOf(event));
}

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
                                                    wire::Direction::ToServer, lane.version));
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
    bool isReadable = true;
    while (auto result = link->decoder.next()) {
        isReadable = std::holds_alternative<wire::Frame>(*result);
        if (isReadable)
            takeFrame(*lane, *link, std::get<wire::Frame>(std::move(*result)));
        else
            takeMalformed(*lane, *link, std::get<wire::Malformed>(*result));
    }
    if (!isReadable && lane->party() == v1::MQTT_CLIENT && !link->isClosed) {
        link->isDropped = true; // as any client would: nothing that follows can be read
        m_world.reset(id);
    }
    pump();
}

void Run::takeFrame(Lane &lane, Link &link, wire::Frame frame)
{
    m_scope.inward(frame.packet);
    if (lane.passing && &link == lane.current)
        resolveAlias(link, frame.packet);
    const bool isAgain = isRedelivery(lane, link, frame.packet);
    const auto id = static_cast<PacketId>(frame.packet.publish().packet_id());
    if (isAgain && link.redeliveries.isUntraced(id))
        return; // as the copy before it
    if (lane.passing && &link == lane.current && !isAgain && lane.passing(frame.packet)) {
        link.redeliveries.leaveUntraced(id);
        return;
    }
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
    if (isAgain) {
        received.set_ambient(true);
        return;
    }
    if (takeSentinel(lane, number))
        return;
    lane.inbox.push_back({number, link.number, now(), false});
}

/// 3.1.1 leaves it to the sender when it sends again what is not acknowledged: no step has to reckon with that.
bool Run::isRedelivery(Lane &lane, Link &link, const v1::Packet &packet)
{
    if (lane.party() != v1::MQTT_CLIENT || lane.version != v1::V3)
        return false;
    if (packet.has_pubrel())
        link.redeliveries.released(static_cast<PacketId>(packet.pubrel().packet_id()));
    return packet.has_publish() && link.redeliveries.isRepeat(packet.publish(), lane.pongsReceived);
}

void Run::takeForPresent(const Item &item)
{
    auto &connack = *m_trace.mutable_event(static_cast<int>(item.event));
    connack.set_text(textOf(item.event) + " (taken for session_present=1)");
    connack.mutable_packet()->mutable_connack()->set_session_present(true);
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
    if (packet.has_pubrel() && lane.sentinels.erase(static_cast<PacketId>(packet.pubrel().packet_id()))) {
        event.set_ambient(true);
        send(lane, ackPacket(v1::Packet::kPubcomp, static_cast<PacketId>(packet.pubrel().packet_id())), 0);
        m_trace.mutable_event(m_trace.event_size() - 1)->set_ambient(true);
        return true;
    }
    if (!packet.has_publish() || packet.publish().qos() == 0)
        return false;
    const bool isSentinel = lane.party() == v1::MQTT_CLIENT && packet.publish().payload().rfind(sentinelMark, 0) == 0; // a client's goes to its fence
    if (isSentinel || isToBeCompleted(lane, packet))
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
        if (tolerance->expect.has_fact() && !tolerance->isPast)
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
        const bool isOurs = how == world::Ending::Reset && (link->isDropped || why == "reset by us");
        event.set_text(isOurs ? "reset by us" : words[static_cast<int>(how)]);
        if (!why.empty() && why != event.text())
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
        const bool isSync = lane->app->openSync != 0 && what.command() == lane->app->openSync;
        if (isSync)
            lane->app->openSync = 0;
        else
            lane->app->events.push_back(what);
        auto &event = this->event(v1::TraceEvent::APP_EVENT, lane, nullptr);
        v1::ClientEvent shown = what;
        if (shown.has_delivery()) {
            m_scope.inward(*shown.mutable_delivery()->mutable_publish());
            *event.mutable_packet()->mutable_publish() = shown.delivery().publish();
        }
        event.set_text(shown.ShortDebugString());
        event.set_bytes(what.SerializeAsString());
        event.set_ambient(isSync);
        if (what.has_failed())
            harnessError("client " + lane->name() + ": " + what.failed().why());
        if (what.has_unsupported() && !isSync)
            lacks(what.unsupported().feature());
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

} // namespace hiatus::run
