// Whatever a server sends, and whenever the link is lost, the client keeps the rules that it answers for.

#include "client/engine/clientengine.h"
#include "proto/session/checks.h"
#include "proto/wire/encoder.h"

#include <QTest>

#include <rapidcheck.h>

#include <map>
#include <set>

using namespace hiatus;
using namespace hiatus::client;

class TestRobustness : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsItsRulesWhateverTheServerSends();
    void bringsEachQos2MessageOverExactlyOnceHoweverTheLinkIsCut();
};

namespace {

/// Watches what the client sends.
class Watcher
{
public:
    void actions(const Actions &all)
    {
        for (const Action &action : all) {
            if (const auto *sent = std::get_if<SendPacket>(&action))
                packet(sent->packet);
            if (std::holds_alternative<OpenLink>(action)) {
                opens = true;
                closing = false;
            }
            if (std::holds_alternative<CloseLink>(action)) {
                RC_ASSERT(!closing);
                closing = true;
            }
        }
    }
    void linkIsNew()
    {
        closing = opens = false;
        first = true;
        requests.clear();
        resent.clear();
    }
    bool closing = false;
    bool opens = false;

private:
    void packet(const v1::Packet &p)
    {
        RC_ASSERT(!closing);                        // nothing after the close
        RC_ASSERT(p.has_connect() == first);        // CONNECT first, and once
        first = false;
        RC_ASSERT(!wire::encode(p, v1::V5).empty());
        if (p.has_publish() && p.publish().qos() > 0)
            id(p.publish());
        if (p.has_subscribe())
            RC_ASSERT(p.subscribe().packet_id() != 0 && requests.insert(p.subscribe().packet_id()).second);
    }
    void id(const v1::Publish &p)
    {
        RC_ASSERT(p.packet_id() != 0);
        RC_ASSERT(!p.dup() || resent.insert(p.packet_id()).second); // once per connection
    }
    bool first = true;
    std::set<std::uint32_t> requests;
    std::set<std::uint32_t> resent;
};

rc::Gen<v1::Packet> serverPacket()
{
    return rc::gen::exec([] {
        v1::Packet packet;
        const auto id = *rc::gen::inRange<std::uint32_t>(1, 6);
        const auto code = *rc::gen::element<std::uint32_t>(0, 0, 0, 0x10, 0x80, 0x92);
        const auto acked = [&](v1::Ack *ack) {
            ack->set_packet_id(id);
            ack->set_code(code);
        };
        switch (*rc::gen::inRange(0, 12)) {
        case 0:
        case 1:
            packet.mutable_publish()->set_topic(*rc::gen::element<std::string>("a", "b", ""));
            packet.mutable_publish()->set_qos(*rc::gen::inRange<std::uint32_t>(0, 3));
            packet.mutable_publish()->set_dup(*rc::gen::arbitrary<bool>());
            packet.mutable_publish()->set_packet_id(id);
            if (*rc::gen::inRange(0, 4) == 0)
                packet.mutable_publish()->set_topic_alias(*rc::gen::inRange<std::uint32_t>(0, 4));
            break;
        case 2:
        case 3: acked(packet.mutable_puback()); break;
        case 4:
        case 5: acked(packet.mutable_pubrec()); break;
        case 6: acked(packet.mutable_pubrel()); break;
        case 7: acked(packet.mutable_pubcomp()); break;
        case 8:
            packet.mutable_suback()->set_packet_id(id);
            packet.mutable_suback()->add_code(code);
            break;
        case 9: packet.mutable_pingresp(); break;
        case 10: packet.mutable_disconnect()->set_code(0x8B); break;
        default:
            packet.mutable_connack()->set_session_present(*rc::gen::arbitrary<bool>());
            packet.mutable_connack()->set_code(code == 0x80 ? 0x88 : 0);
            if (*rc::gen::arbitrary<bool>())
                packet.mutable_connack()->set_receive_maximum(*rc::gen::inRange<std::uint32_t>(1, 4));
            break;
        }
        return packet;
    });
}

v1::Connect keptSession(bool clean)
{
    v1::Connect connect;
    connect.set_client_id("c");
    connect.set_clean(clean);
    connect.set_session_expiry_interval(100);
    connect.set_keep_alive(10);
    connect.set_topic_alias_maximum(2);
    return connect;
}

v1::Packet connack(bool present)
{
    v1::Packet packet;
    packet.mutable_connack()->set_session_present(present);
    return packet;
}

v1::Publish publishOf(std::uint32_t qos, const std::string &payload = "x")
{
    v1::Publish publish;
    publish.set_topic("t");
    publish.set_payload(payload);
    publish.set_qos(qos);
    return publish;
}

ClientOptions randomOptions()
{
    ClientOptions options;
    options.version = *rc::gen::element(v1::V3, v1::V5);
    options.manualAcknowledge = *rc::gen::arbitrary<bool>();
    options.automaticReconnect = *rc::gen::arbitrary<bool>();
    options.topicAliases = *rc::gen::arbitrary<bool>();
    options.resubscribe = *rc::gen::arbitrary<bool>();
    options.onSessionLost = *rc::gen::element(OnSessionLost::Discard, OnSessionLost::Republish);
    return options;
}

/// One step of a random life.
void step(Client &client, Watcher &watcher, Time &now)
{
    switch (*rc::gen::inRange(0, 10)) {
    case 0:
        now += Milliseconds(*rc::gen::inRange(0, 20'000));
        return watcher.actions(client.advanced(now));
    case 1:
        watcher.linkIsNew();
        return watcher.actions(client.closed(now));
    case 2:
        if (auto actions = client.connect(keptSession(*rc::gen::arbitrary<bool>()), now))
            watcher.actions(*actions);
        return;
    case 3:
        if (!watcher.opens)
            return;
        watcher.linkIsNew();
        return watcher.actions(client.opened(now));
    case 4:
    case 5:
        if (auto started = client.publish(publishOf(*rc::gen::inRange<std::uint32_t>(0, 3)), now))
            watcher.actions(started->actions);
        return;
    case 6: {
        v1::Subscribe subscribe;
        subscribe.add_filter()->set_filter("t");
        if (auto started = client.subscribe(subscribe, now))
            watcher.actions(started->actions);
        return;
    }
    default: return watcher.actions(client.received(*serverPacket(), now));
    }
}

/// A server that keeps its half, and a link that loses what is on it.
struct Pair
{
    explicit Pair(ClientOptions options) : client(options) {}

    void link(bool clean)
    {
        carry(client.connect(keptSession(clean), now).value_or(Actions{}));
        carry(client.opened(now));
        carry(client.received(connack(known), now));
        known = true;
    }
    void carry(const Actions &actions)
    {
        for (const Action &action : actions) {
            if (const auto *sent = std::get_if<SendPacket>(&action))
                toServer.push_back(sent->packet);
        }
    }
    /// The server reads one packet and answers.
    void read()
    {
        if (toServer.empty())
            return;
        const v1::Packet packet = toServer.front();
        toServer.erase(toServer.begin());
        v1::Packet answer;
        if (packet.has_publish() && packet.publish().qos() == 2) {
            if (held.insert(packet.publish().packet_id()).second)
                ++copies[packet.publish().payload()];
            answer.mutable_pubrec()->set_packet_id(packet.publish().packet_id());
        } else if (packet.has_pubrel()) {
            held.erase(packet.pubrel().packet_id());
            answer.mutable_pubcomp()->set_packet_id(packet.pubrel().packet_id());
        }
        if (answer.kind_case() != v1::Packet::KIND_NOT_SET)
            toClient.push_back(answer);
    }
    void answer()
    {
        if (toClient.empty())
            return;
        const v1::Packet packet = toClient.front();
        toClient.erase(toClient.begin());
        carry(client.received(packet, now));
    }
    void cut()
    {
        client.closed(now);
        toServer.clear();
        toClient.clear();
        link(false);
    }

    ClientEngine client;
    Time now{Milliseconds(1'000'000)};
    bool known = false;
    std::vector<v1::Packet> toServer;
    std::vector<v1::Packet> toClient;
    std::set<std::uint32_t> held;
    std::map<std::string, int> copies;
};

} // namespace

void TestRobustness::keepsItsRulesWhateverTheServerSends()
{
    const bool held = rc::check([] {
        ClientEngine client(randomOptions());
        Watcher watcher;
        Time now{Milliseconds(1'700'000'000'000)};
        watcher.actions(*client.connect(keptSession(false), now));
        watcher.linkIsNew();
        watcher.actions(client.opened(now));
        watcher.actions(client.received(connack(false), now));
        const int steps = *rc::gen::inRange(0, 60);
        for (int i = 0; i < steps; ++i)
            step(client, watcher, now);
        const v1::ClientSession state = client.snapshot(now);
        const auto checked = checkClientSession(state);
        RC_ASSERT(checked.has_value());
        const auto deadline = client.nextDeadline();
        RC_ASSERT(!deadline || *deadline > now - std::chrono::hours(1));
    });
    QVERIFY(held);
}

void TestRobustness::bringsEachQos2MessageOverExactlyOnceHoweverTheLinkIsCut()
{
    const bool held = rc::check([] {
        Pair pair({});
        pair.link(false);
        const int messages = *rc::gen::inRange(1, 6);
        for (int i = 0; i < messages; ++i)
            pair.carry(pair.client.publish(publishOf(2, std::to_string(i)), pair.now)->actions);
        for (const int what : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5))) {
            if (what < 2)
                pair.read();
            else if (what < 4)
                pair.answer();
            else
                pair.cut();
        }
        pair.cut();
        for (int i = 0; i < 100; ++i) {
            pair.read();
            pair.answer();
        }
        for (int i = 0; i < messages; ++i)
            RC_ASSERT(pair.copies[std::to_string(i)] == 1);
        RC_ASSERT(pair.client.snapshot(pair.now).inflight_size() == 0);
    });
    QVERIFY(held);
}

QTEST_APPLESS_MAIN(TestRobustness)
#include "tst_robustness.moc"
