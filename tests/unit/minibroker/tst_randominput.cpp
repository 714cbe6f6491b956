// Whatever clients send, in whatever order: the engine stands, its promises hold, and its journal tells the whole
// truth.

#include "journalstore.h"
#include "stage.h"

#include <QTest>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>

using namespace hiatus;
using namespace hiatus::broker;

namespace {

struct Input
{
    int what = 0; // which kind of input
    int who = 0;  // which client
    int a = 0;
    int b = 0;
    int c = 0;
};

std::ostream &operator<<(std::ostream &out, const Input &input)
{
    return out << "{" << input.what << ", " << input.who << ", " << input.a << ", " << input.b << ", " << input.c
               << "}";
}

rc::Gen<Input> inputs()
{
    return rc::gen::build<Input>(
        rc::gen::set(&Input::what, rc::gen::inRange(0, 20)), rc::gen::set(&Input::who, rc::gen::inRange(0, 3)),
        rc::gen::set(&Input::a, rc::gen::inRange(0, 8)), rc::gen::set(&Input::b, rc::gen::inRange(0, 8)),
        rc::gen::set(&Input::c, rc::gen::inRange(0, 8)));
}

const std::array<const char *, 8> Filters{"a", "a/b", "a/#", "+/b", "#", "$share/g/a/b", "$share/g/#", "+"};
const std::array<const char *, 4> Topics{"a", "a/b", "a/b/c", "$SYS/x"};

/// Random clients around one engine, and what they have a right to see.
class Crowd
{
public:
    Crowd(bool hold, bool smallQueue)
    {
        m_options.journal = true;
        m_options.queueQos0 = smallQueue;
        m_options.queueLimit = smallQueue ? 3 : 1000;
        m_options.queuePolicy = hold ? QueuePolicy::DropNewest : QueuePolicy::DropOldest;
        m_options.maximumInflight = smallQueue ? 2 : 100;
        m_options.topicAliasesUsed = 2;
        m_rules.routesAtPubrel = hold;
        m_engine = std::make_unique<BrokerEngine>(m_options, m_rules);
    }

    void apply(const Input &input)
    {
        auto &link = m_links[static_cast<std::size_t>(input.who)];
        switch (input.what) {
        case 0:
        case 1:
        case 2:
            return connect(input);
        case 3:
            return lose(link);
        case 4:
            return pass(input);
        case 5:
            return restart(input);
        case 6:
            return malformed(link);
        default:
            return link ? received(link, packet(input)) : connect(input);
        }
    }

    void check()
    {
        m_store.apply(m_engine->takeJournal());
        auto snapshot = m_engine->snapshot(m_now);
        std::sort(snapshot.mutable_session()->begin(), snapshot.mutable_session()->end(),
                  [](const auto &x, const auto &y) { return x.client_id() < y.client_id(); });
        RC_ASSERT(m_store.state(m_now).DebugString() == snapshot.DebugString());
        const auto due = m_engine->nextDeadline();
        RC_ASSERT(!due || *due > m_now);
    }

private:
    void connect(const Input &input)
    {
        const auto link = ++m_made;
        carryOut(m_engine->opened(link, m_now));
        m_open[link];
        m_links[static_cast<std::size_t>(input.who)] = link;
        v1::Packet packet;
        auto &connect = *packet.mutable_connect();
        const bool v5 = input.a % 3 != 0;
        connect.set_client_id(std::string(1, static_cast<char>('x' + input.who)));
        connect.set_protocol_level(v5 ? 5 : 4);
        connect.set_clean(input.b == 0);
        connect.set_keep_alive(input.c == 0 ? 5 : 0);
        if (v5 && input.b % 4 != 3)
            connect.set_session_expiry_interval(input.b % 2 == 0 ? 30 : NeverExpires);
        if (v5 && input.c % 2 == 0)
            connect.set_receive_maximum(static_cast<std::uint32_t>(1 + input.c));
        if (v5 && input.c == 3)
            connect.set_maximum_packet_size(12);
        if (v5)
            connect.set_topic_alias_maximum(static_cast<std::uint32_t>(input.a));
        if (input.a >= 4) {
            auto &will = *connect.mutable_will();
            will.set_topic("a/b");
            will.set_qos(static_cast<std::uint32_t>(input.c % 3));
            will.set_retain(input.b == 1);
            if (v5)
                will.set_delay_interval(static_cast<std::uint32_t>(input.c * 6));
        }
        received(link, packet);
    }

    static v1::Packet packet(const Input &input)
    {
        v1::Packet packet;
        const auto id = static_cast<std::uint32_t>(input.b + 1);
        const auto code = input.c == 7 ? 0x80u : 0u;
        const auto ack = [&](v1::Ack *one) {
            one->set_packet_id(id);
            one->set_code(code);
        };
        switch (input.what) {
        case 7:
            packet.mutable_disconnect()->set_code(input.a == 0 ? 4 : 0);
            break;
        case 8:
        case 9:
            subscribe(*packet.mutable_subscribe(), input);
            break;
        case 10:
            packet.mutable_unsubscribe()->add_filter(Filters[static_cast<std::size_t>(input.a)]);
            break;
        case 11:
            ack(packet.mutable_pubrel());
            break;
        case 12:
        case 13:
            ack(packet.mutable_puback());
            break;
        case 14:
        case 15:
            ack(packet.mutable_pubrec());
            break;
        case 16:
            ack(packet.mutable_pubcomp());
            break;
        default:
            publish(*packet.mutable_publish(), input);
        }
        return packet;
    }

    static void subscribe(v1::Subscribe &subscribe, const Input &input)
    {
        subscribe.set_packet_id(1);
        auto &filter = *subscribe.add_filter();
        filter.set_filter(Filters[static_cast<std::size_t>(input.a)]);
        filter.set_qos(static_cast<std::uint32_t>(input.b % 3));
        filter.set_no_local(input.c == 0);
        filter.set_retain_as_published(input.c == 1);
        filter.set_retain_handling(static_cast<std::uint32_t>(input.c % 3));
        if (input.b > 4)
            subscribe.set_subscription_identifier(static_cast<std::uint32_t>(input.b));
    }

    static void publish(v1::Publish &publish, const Input &input)
    {
        publish.set_topic(Topics[static_cast<std::size_t>(input.a % 4)]);
        publish.set_payload(std::string(static_cast<std::size_t>(input.c), 'p'));
        publish.set_qos(static_cast<std::uint32_t>(input.b % 3));
        publish.set_retain(input.c % 3 == 0);
        publish.set_dup(input.c == 5 && input.b % 3 != 0);
        if (publish.qos() > 0)
            publish.set_packet_id(static_cast<std::uint32_t>(input.a + 1));
        if (input.c == 4)
            publish.set_message_expiry_interval(static_cast<std::uint32_t>(input.a + 1));
        if (input.c == 6)
            publish.set_topic_alias(static_cast<std::uint32_t>(input.a));
    }

    void received(LinkId link, const v1::Packet &packet)
    {
        if (auto open = m_open.find(link); open != m_open.end())
            forget(open->second, packet);
        carryOut(m_engine->received(link, packet, m_now));
    }

    void lose(LinkId &link)
    {
        if (link != 0)
            carryOut(m_engine->closed(link, m_now));
        m_open.erase(link);
        link = 0;
    }

    void malformed(LinkId link)
    {
        if (link != 0)
            carryOut(m_engine->malformed(link, {}, m_now));
    }

    void pass(const Input &input)
    {
        m_now += Seconds(input.a * input.b);
        carryOut(m_engine->advanced(m_now));
    }

    void restart(const Input &input)
    {
        m_store.apply(m_engine->takeJournal());
        m_now += Seconds(input.a);
        auto made = BrokerEngine::create(m_options, m_rules, m_store.state(m_now), m_now);
        RC_ASSERT(made.has_value());
        m_engine = std::move(*made);
        m_open.clear();
        m_links = {};
        carryOut(m_engine->advanced(m_now));
    }

    /// What the client has acknowledged may come again under the same identifier.
    static void forget(std::set<std::uint32_t> &unacknowledged, const v1::Packet &packet)
    {
        unacknowledged.erase(packet.puback().packet_id());
        unacknowledged.erase(packet.pubcomp().packet_id());
        if (packet.pubrec().code() >= 0x80)
            unacknowledged.erase(packet.pubrec().packet_id());
    }

    void carryOut(const Actions &actions)
    {
        for (const auto &action : actions) {
            if (const auto *close = std::get_if<CloseAction>(&action)) {
                RC_ASSERT(m_open.erase(close->link) == 1U);
                std::replace(m_links.begin(), m_links.end(), close->link, LinkId(0));
                continue;
            }
            const auto &send = std::get<SendAction>(action);
            const auto open = m_open.find(send.link);
            RC_ASSERT(open != m_open.end());
            checkPublish(open->second, send.packet);
        }
    }

    static void checkPublish(std::set<std::uint32_t> &unacknowledged, const v1::Packet &packet)
    {
        if (!packet.has_publish())
            return;
        const auto &publish = packet.publish();
        if (publish.qos() == 0) {
            RC_ASSERT(!publish.dup() && !publish.has_packet_id());
            return;
        }
        RC_ASSERT(publish.packet_id() != 0U);
        RC_ASSERT(unacknowledged.insert(publish.packet_id()).second);
        RC_ASSERT(!publish.topic().empty() || publish.topic_alias() != 0U);
    }

    BrokerOptions m_options;
    Rules m_rules;
    std::unique_ptr<BrokerEngine> m_engine;
    JournalStore m_store;
    Time m_now = Time(std::chrono::hours(24 * 365 * 50));
    LinkId m_made = 0;
    std::array<LinkId, 3> m_links{};
    std::map<LinkId, std::set<std::uint32_t>> m_open; // links, with the identifiers of what is not acknowledged
};

} // namespace

class TestRandomInput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsItsPromises()
    {
        QVERIFY(
            rc::check("ids are unique while open, links are not used after their end, the journal equals the snapshot",
                      [](bool hold, bool smallQueue) {
                          const auto story = *rc::gen::resize(200, rc::gen::container<std::vector<Input>>(inputs()));
                          Crowd crowd(hold, smallQueue);
                          for (const auto &input : story) {
                              crowd.apply(input);
                              crowd.check();
                          }
                      }));
    }
};

QTEST_APPLESS_MAIN(TestRandomInput)
#include "tst_randominput.moc"
