// Keep alive, what is kept while connected, and whose session it is.

#include "client/deviation/rows.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace hiatus::client::deviation {

namespace {

constexpr Seconds Patience{10}; ///< of a client that gives up what is not acknowledged

void neverPing(Assembly &assembly)
{
    assembly.rules.pingAfter = [](Seconds) { return Milliseconds(Seconds(86'400)); };
}

void ignoreServerKeepAlive(Assembly &assembly)
{
    FilterRules rules;
    rules.admits = [](v1::Packet &packet, Time) {
        if (packet.has_connack())
            packet.mutable_connack()->clear_server_keep_alive();
        return true;
    };
    decorate(assembly, std::move(rules));
}

/// What the client holds, and since when.
struct Age
{
    Time now{};
    std::map<std::uint32_t, Time> sent;
    std::map<std::uint32_t, Time> received;

    bool isOld(const std::map<std::uint32_t, Time> &since, std::uint32_t id) const
    {
        const auto found = since.find(id);
        return found != since.end() && now - found->second >= Patience;
    }
};

void forgetWhileConnected(Assembly &assembly)
{
    auto age = std::make_shared<Age>();
    FilterRules rules;
    rules.passes = [age](Action &action, Time now) {
        age->now = now;
        const auto *sent = std::get_if<SendPacket>(&action);
        if (sent && sent->packet.publish().qos() > 0)
            age->sent[sent->packet.publish().packet_id()] = now;
        return true;
    };
    rules.admits = [age](v1::Packet &packet, Time now) {
        age->now = now;
        if (packet.publish().qos() == 2)
            age->received[packet.publish().packet_id()] = now;
        return true;
    };
    decorate(assembly, std::move(rules));
    assembly.hooks.push_back([age](SessionState &state, Reason reason) {
        if (reason != Reason::Closed)
            return;
        auto &inflight = state.inflight;
        inflight.erase(std::remove_if(inflight.begin(), inflight.end(), [&](const Outgoing &e) { return age->isOld(age->sent, e.id); }),
                       inflight.end());
        std::erase_if(state.received, [&](const auto &entry) { return age->isOld(age->received, entry.first); });
    });
}

void expireReceived(Assembly &assembly)
{
    auto end = std::make_shared<std::map<std::uint32_t, Time>>();
    FilterRules rules;
    rules.admits = [end](v1::Packet &packet, Time now) {
        if (packet.publish().qos() == 2 && packet.publish().has_message_expiry_interval())
            end->try_emplace(packet.publish().packet_id(), now + Seconds(packet.publish().message_expiry_interval()));
        const std::uint32_t id = packet.has_publish() ? packet.publish().packet_id() : packet.pubrel().packet_id();
        const auto found = end->find(id);
        return found == end->end() || found->second > now;
    };
    decorate(assembly, std::move(rules));
}

/// In 3.1.1, where the next CONNECT asks for a session, goes on with what a clean one held.
void keepCleanSession(Assembly &assembly)
{
    if (assembly.options.version != v1::V3)
        return;
    auto kept = std::make_shared<std::deque<Outgoing>>();
    assembly.hooks.push_back([kept](SessionState &state, Reason reason) {
        if (reason == Reason::Closed)
            *kept = state.inflight;
        if (reason == Reason::Expired)
            state.inflight = std::exchange(*kept, {});
    });
    assembly.rules.presence = [before = assembly.rules.presence](const PresenceCase &c) {
        const Presence presence = before(c);
        return presence == Presence::Lost && !c.known ? Presence::Resume : presence;
    };
}

/// Changes every CONNECT; `first` is that of the client object.
template <typename Change>
void changeConnects(Assembly &assembly, Change change)
{
    FilterRules rules;
    rules.passes = [change, first = true](Action &action, Time) mutable {
        auto *sent = std::get_if<SendPacket>(&action);
        if (sent && sent->packet.has_connect())
            change(*sent->packet.mutable_connect(), std::exchange(first, false));
        return true;
    };
    decorate(assembly, std::move(rules));
}

void askForSessionWithoutId(Assembly &assembly)
{
    changeConnects(assembly, [](v1::Connect &connect, bool) {
        if (connect.client_id().empty())
            connect.set_clean(false);
    });
}

void newIdEachTime(Assembly &assembly)
{
    changeConnects(assembly, [](v1::Connect &connect, bool first) {
        if (!first)
            connect.set_client_id("somebodyelse");
    });
}

} // namespace

std::vector<Alteration> ofLasting()
{
    return {
        {"client-never-pings", "No PINGREQ is sent, however long nothing else is.", both(v3({"MQTT-3.1.2-23"}), v5({"MQTT-3.1.2-20"})), {},
         {}, "clients whose keep-alive timer stands still", neverPing},
        {"ignores-server-keep-alive", "The keep alive of CONNACK is not read: the client goes by its own.",
         v5({"MQTT-3.1.2-21", "MQTT-3.2.2-21"}), {}, {}, "clients written for 3.1.1", ignoreServerKeepAlive},
        {"forgets-while-connected", "What is not acknowledged within ten seconds is forgotten, the connection being up.",
         both(v3({"MQTT-4.1.0-2"}), v5({"MQTT-4.1.0-1"})),
         both(v3({"MQTT-4.4.0-1#a", "MQTT-4.3.3-2#b"}), v5({"MQTT-4.4.0-1#a", "MQTT-4.3.3-10"})), {},
         "clients with a time limit for acknowledgements", forgetWhileConnected},
        {"expires-received-qos2", "Once the message expiry interval has passed the client no longer answers for a QoS 2 message that it took.",
         v5({"MQTT-4.3.3-13"}), {}, {}, "sibling of a broker defect", expireReceived},
        {"keeps-clean-session", "What a clean session held is sent again in a later one.", v3({"MQTT-3.1.2-6#c"}), {}, {},
         "clients whose store outlives the clean session", keepCleanSession},
        {"asks-for-a-session-without-id", "CONNECT with an empty client identifier has CleanSession 0.", v3({"MQTT-3.1.3-7"}), {}, {}, "",
         askForSessionWithoutId},
        {"new-client-id-each-time", "Every CONNECT but the first names another client.",
         both(v3({"MQTT-3.1.3-2"}), v5({"MQTT-3.1.3-2"})), {}, {}, "clients that make up an identifier", newIdEachTime},
    };
}

} // namespace hiatus::client::deviation
