// pahoc VERSION PORT PUBREL_CUT PUBREC_CUT: the story of README.md with Paho C.

#include <MQTTClient.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace {

constexpr std::chrono::seconds Patience{30}; // bounds a failure only
std::string version;

bool is5()
{
    return version == "5.0";
}

void check(bool holds, const std::string &what)
{
    if (holds)
        return;
    std::fprintf(stderr, "Paho C, %s: %s\n", version.c_str(), what.c_str());
    std::_Exit(1);
}

struct Came
{
    std::string payload;
    bool retained = false;
};

/// One client. The library calls back on a thread of its own.
class Party
{
public:
    explicit Party(std::string name, bool persistent = false)
        : m_id(name + "-c-" + version), m_persistent(persistent)
    {
    }
    ~Party() { destroy(); }
    Party(const Party &) = delete;
    Party &operator=(const Party &) = delete;

    void willBe(const std::string &topic, const std::string &payload)
    {
        m_willTopic = topic;
        m_willPayload = payload;
    }
    /// Says whether the session was present; in 5.0 this library's blocking interface does not tell.
    std::optional<bool> open(int port)
    {
        destroy();
        MQTTClient_createOptions options = MQTTClient_createOptions_initializer;
        options.MQTTVersion = is5() ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
        const std::string url = "tcp://127.0.0.1:" + std::to_string(port);
        check(MQTTClient_createWithOptions(&m_client, url.c_str(), m_id.c_str(), MQTTCLIENT_PERSISTENCE_NONE, nullptr,
                                           &options) == MQTTCLIENT_SUCCESS, "cannot create a client");
        MQTTClient_setCallbacks(m_client, this, lost, arrived, nullptr);
        return connect();
    }
    /// The same client once more: what it had in flight goes on.
    std::optional<bool> connect()
    {
        m_isLost = false;
        auto options5 = MQTTClient_connectOptions(MQTTClient_connectOptions_initializer5);
        auto options = is5() ? options5 : MQTTClient_connectOptions(MQTTClient_connectOptions_initializer);
        options.MQTTVersion = is5() ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
        (is5() ? options.cleanstart : options.cleansession) = m_persistent ? 0 : 1;
        MQTTClient_willOptions will = MQTTClient_willOptions_initializer;
        will.topicName = m_willTopic.c_str();
        will.message = m_willPayload.c_str();
        will.qos = 2;
        if (!m_willTopic.empty())
            options.will = &will;
        return is5() ? connect5(options) : connect3(options);
    }
    void close() { check(MQTTClient_disconnect(m_client, 10'000) == MQTTCLIENT_SUCCESS, "cannot disconnect"); }
    void subscribe(const std::string &topic)
    {
        const int code = is5() ? int(MQTTClient_subscribe5(m_client, topic.c_str(), 2, nullptr, nullptr).reasonCode)
                               : MQTTClient_subscribe(m_client, topic.c_str(), 2);
        check(code == (is5() ? 2 : MQTTCLIENT_SUCCESS), "cannot subscribe: " + std::to_string(code));
    }
    MQTTClient_deliveryToken send(const std::string &topic, const std::string &payload, int qos, bool retain = false)
    {
        MQTTClient_deliveryToken token = 0;
        const int size = int(payload.size());
        const int code = is5() ? int(MQTTClient_publish5(m_client, topic.c_str(), size, payload.data(), qos, retain,
                                                         nullptr, &token).reasonCode)
                               : MQTTClient_publish(m_client, topic.c_str(), size, payload.data(), qos, retain, &token);
        check(code == MQTTCLIENT_SUCCESS, "cannot publish: " + std::to_string(code));
        return token;
    }
    void complete(MQTTClient_deliveryToken token)
    {
        check(MQTTClient_waitForCompletion(m_client, token, 30'000) == MQTTCLIENT_SUCCESS, "not acknowledged");
    }
    void publish(const std::string &topic, const std::string &payload, int qos, bool retain = false)
    {
        complete(send(topic, payload, qos, retain));
    }
    void waitUntilLost()
    {
        std::unique_lock lock(m_mutex);
        check(m_news.wait_for(lock, Patience, [this] { return m_isLost; }), "the connection was not cut");
    }
    std::vector<Came> expect(const std::vector<std::string> &payloads)
    {
        std::unique_lock lock(m_mutex);
        std::vector<Came> all;
        for (const auto &payload : payloads) {
            check(m_news.wait_for(lock, Patience, [this] { return !m_inbox.empty(); }), payload + " did not come");
            check(m_inbox.front().payload == payload, payload + " came as " + m_inbox.front().payload);
            all.push_back(m_inbox.front());
            m_inbox.pop_front();
        }
        return all;
    }
    bool isInboxEmpty()
    {
        const std::unique_lock lock(m_mutex);
        return m_inbox.empty();
    }

private:
    std::optional<bool> connect3(MQTTClient_connectOptions &options)
    {
        const int code = MQTTClient_connect(m_client, &options);
        check(code == MQTTCLIENT_SUCCESS, "cannot connect: " + std::to_string(code));
        return options.returned.sessionPresent == 1;
    }
    std::optional<bool> connect5(MQTTClient_connectOptions &options)
    {
        MQTTProperties properties = MQTTProperties_initializer;
        MQTTProperty expiry;
        expiry.identifier = MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL;
        expiry.value.integer4 = m_persistent ? 300 : 0;
        MQTTProperties_add(&properties, &expiry);
        const MQTTResponse response = MQTTClient_connect5(m_client, &options, &properties, nullptr);
        MQTTProperties_free(&properties);
        check(response.reasonCode == MQTTREASONCODE_SUCCESS, "cannot connect: " + std::to_string(response.reasonCode));
        MQTTResponse_free(response);
        return {};
    }
    void destroy()
    {
        if (m_client != nullptr)
            MQTTClient_destroy(&m_client);
        m_client = nullptr;
    }
    static void lost(void *self, char *)
    {
        auto &party = *static_cast<Party *>(self);
        const std::unique_lock lock(party.m_mutex);
        party.m_isLost = true;
        party.m_news.notify_all();
    }
    static int arrived(void *self, char *topic, int, MQTTClient_message *message)
    {
        auto &party = *static_cast<Party *>(self);
        {
            const std::unique_lock lock(party.m_mutex);
            const auto *bytes = static_cast<const char *>(message->payload);
            party.m_inbox.push_back({std::string(bytes, std::size_t(message->payloadlen)), message->retained == 1});
            party.m_news.notify_all();
        }
        MQTTClient_freeMessage(&message);
        MQTTClient_free(topic);
        return 1;
    }

    std::string m_id, m_willTopic, m_willPayload;
    bool m_persistent;
    MQTTClient m_client = nullptr;
    std::mutex m_mutex;
    std::condition_variable m_news;
    std::deque<Came> m_inbox;
    bool m_isLost = false;
};

/// The program itself as a client that dies: its process ends without DISCONNECT.
[[noreturn]] void die(int port, const std::string &topic)
{
    Party mortal("mortal");
    mortal.willBe(topic, "will");
    mortal.open(port);
    std::_Exit(0);
}

} // namespace

int main(int argc, char **argv)
{
    check(argc == 4 || argc == 5, "want VERSION PORT PUBREL_CUT PUBREC_CUT");
    version = argv[1];
    const int port = std::atoi(argv[2]);
    const std::string base = "c/" + version, box = base + "/box";
    if (argc == 4)
        die(port, box);
    const int pubrelCut = std::atoi(argv[3]), pubrecCut = std::atoi(argv[4]);
    Party keeper("keeper", true), writer("writer"), witness("witness");

    check(keeper.open(port) != true, "session present at first");
    keeper.subscribe(base + "/#");
    keeper.close();

    writer.open(port);
    writer.publish(box, "offline 1", 1);
    writer.publish(box, "offline 2", 2);
    writer.publish("kept/" + base, "retained", 1, true);
    const auto mortal = std::string(argv[0]) + " " + version + " " + argv[2] + " dies";
    check(std::system(mortal.c_str()) == 0, "the mortal did not even live");
    witness.open(port);
    witness.subscribe("kept/" + base);
    check(witness.expect({"retained"}).front().retained, "the retained message has no RETAIN");
    witness.close();
    check(keeper.open(pubrelCut) != false, "the session is gone");
    keeper.waitUntilLost();
    check(keeper.connect() != false, "the session is gone after the cut");
    keeper.expect({"offline 1", "offline 2", "will"});

    writer.publish(box, "after", 2);
    keeper.expect({"after"});
    keeper.close();
    check(keeper.open(pubrecCut) != false, "the session is gone after DISCONNECT");
    const auto token = keeper.send(box, "mine", 2);
    keeper.waitUntilLost();
    check(keeper.connect() != false, "the session is gone after the second cut");
    keeper.complete(token);
    keeper.publish(box, "last", 2);
    keeper.expect({"mine", "last"});
    check(keeper.isInboxEmpty(), "something came twice");
    keeper.close();
    writer.close();
    return 0;
}
