// The same load on several brokers in one run: persistent sessions are made, messages are queued to them, all resume
// and drain. Time, the broker's CPU time, and its resident memory per session and message.

#include "proto/wire/encoder.h"
#include "tests/bench/fleet.h"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <sstream>

#include <unistd.h>

using namespace hiatus;
using namespace hiatus::bench;

namespace {

struct Load
{
    int sessions = 10'000;
    int messages = 100'000;
    int payload = 100; ///< bytes
    int width = 200;   ///< connections at once
    int window = 500;  ///< publications on their way at once
    v1::Version version = v1::V5;

    int each() const { return messages / sessions; }
};

/// A broker by its "NAME=PORT,PID".
struct Subject
{
    std::string name;
    std::uint16_t port = 0;
    int pid = 0;
};

struct Cost
{
    double wall = 0, cpu = 0; ///< seconds
    double resident = 0;      ///< bytes, gained
};

double residentBytes(int pid)
{
    std::ifstream file(fmt::format("/proc/{}/statm", pid));
    double all = 0, resident = 0;
    file >> all >> resident;
    return resident * double(::sysconf(_SC_PAGESIZE));
}

double cpuSeconds(int pid)
{
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string text((std::istreambuf_iterator<char>(file)), {});
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string skipped;
    for (int i = 0; i < 11; ++i)
        fields >> skipped;
    double user = 0, system = 0;
    fields >> user >> system;
    return (user + system) / double(::sysconf(_SC_CLK_TCK));
}

std::string bytes(const v1::Packet &packet, const Load &load)
{
    return wire::encode(packet, load.version);
}

v1::Packet connectPacket(const std::string &id, bool clean, const Load &load)
{
    v1::Packet packet;
    auto &connect = *packet.mutable_connect();
    connect.set_client_id(id);
    connect.set_clean(clean);
    if (load.version == v1::V5 && !clean)
        connect.set_session_expiry_interval(3'600);
    if (load.version == v1::V5)
        connect.set_receive_maximum(100);
    return packet;
}

std::string disconnect(const Load &load)
{
    v1::Packet packet;
    packet.mutable_disconnect();
    return bytes(packet, load);
}

std::string nameOf(int index)
{
    return fmt::format("bench-{:06}", index);
}

v1::Packet publishPacket(int number, std::uint32_t id, const Load &load)
{
    v1::Packet packet;
    auto &publish = *packet.mutable_publish();
    publish.set_topic("bench/" + nameOf(number % load.sessions));
    publish.set_payload(std::string(std::size_t(load.payload), 'm'));
    publish.set_qos(1);
    publish.set_packet_id(id);
    return packet;
}

/// Connects and leaves nothing behind: what a broker sets up once, and for connections, belongs to no session.
Part warmingUp(const Load &load)
{
    return {[&load](int index) { return bytes(connectPacket("warm-" + nameOf(index), true, load), load); },
            [&load](int, const v1::Packet &, std::string &out) {
                out += disconnect(load);
                return true;
            }};
}

/// Connects, subscribes to a topic of its own, leaves.
Part makingSessions(const Load &load)
{
    return {[&load](int index) { return bytes(connectPacket(nameOf(index), false, load), load); },
            [&load](int index, const v1::Packet &packet, std::string &out) {
                if (packet.has_suback()) {
                    out += disconnect(load);
                    return true;
                }
                v1::Packet subscribe;
                subscribe.mutable_subscribe()->set_packet_id(1);
                auto &filter = *subscribe.mutable_subscribe()->add_filter();
                filter.set_filter("bench/" + nameOf(index));
                filter.set_qos(1);
                out += bytes(subscribe, load);
                return false;
            }};
}

/// One publisher; a window of messages on their way.
Part queueing(const Load &load)
{
    auto sent = std::make_shared<int>(0), acknowledged = std::make_shared<int>(0);
    return {[&load](int) { return bytes(connectPacket("bench-publisher", true, load), load); },
            [&load, sent, acknowledged](int, const v1::Packet &packet, std::string &out) {
                *acknowledged += packet.has_puback() ? 1 : 0;
                while (*sent < load.messages && *sent - *acknowledged < load.window) {
                    out += bytes(publishPacket(*sent, std::uint32_t(*sent % load.window + 1), load), load);
                    ++*sent;
                }
                if (*acknowledged < load.messages)
                    return false;
                out += disconnect(load);
                return true;
            }};
}

/// Resumes, takes what waits, leaves.
Part draining(const Load &load, int &came)
{
    auto got = std::make_shared<std::vector<int>>(load.sessions);
    return {[&load](int index) { return bytes(connectPacket(nameOf(index), false, load), load); },
            [&load, &came, got](int index, const v1::Packet &packet, std::string &out) {
                if (!packet.has_publish())
                    return false;
                v1::Packet puback;
                puback.mutable_puback()->set_packet_id(packet.publish().packet_id());
                out += bytes(puback, load);
                ++came;
                if (++(*got)[std::size_t(index)] < load.each())
                    return false;
                out += disconnect(load);
                return true;
            }};
}

Cost measure(const Subject &subject, const Load &load, int parties, const Part &part)
{
    const double resident = residentBytes(subject.pid), cpu = cpuSeconds(subject.pid);
    const auto began = std::chrono::steady_clock::now();
    Fleet fleet(subject.port, load.version, load.width);
    if (const auto problem = fleet.run(parties, part); !problem.empty()) {
        fmt::print(stderr, "{}: {}\n", subject.name, problem);
        std::exit(1);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    return {took.count(), cpuSeconds(subject.pid) - cpu, residentBytes(subject.pid) - resident};
}

Subject subjectOf(const std::string &text)
{
    const auto equals = text.find('='), comma = text.find(',');
    return {text.substr(0, equals), std::uint16_t(std::stoi(text.substr(equals + 1, comma - equals - 1))),
            std::stoi(text.substr(comma + 1))};
}

struct Row
{
    std::string what;
    std::vector<double> values; ///< by subject
};

void print(const std::vector<Subject> &subjects, const std::vector<Row> &rows)
{
    fmt::print("{:<44}", "");
    for (const auto &subject : subjects)
        fmt::print("{:>14}", subject.name);
    fmt::print("{:>9}\n", "ratio");
    for (const auto &row : rows) {
        fmt::print("{:<44}", row.what);
        for (const double value : row.values)
            fmt::print("{:>14.2f}", value);
        fmt::print("{:>9.2f}\n", row.values.front() / row.values.back());
    }
}

} // namespace

int main(int argc, char **argv)
{
    CLI::App app("The same load on several brokers, first over last.", "hiatus_bench_load");
    Load load;
    std::vector<std::string> given;
    bool is311 = false;
    app.add_option("--sessions", load.sessions)->capture_default_str();
    app.add_option("--messages", load.messages)->capture_default_str();
    app.add_option("--payload", load.payload, "bytes")->capture_default_str();
    app.add_option("--width", load.width, "connections at once")->capture_default_str();
    app.add_flag("--3.1.1", is311, "in place of 5.0");
    app.add_option("brokers", given, "NAME=PORT,PID")->required();
    CLI11_PARSE(app, argc, argv);
    load.version = is311 ? v1::V3 : v1::V5;

    std::vector<Subject> subjects;
    for (const auto &one : given)
        subjects.push_back(subjectOf(one));
    std::vector<Row> rows{{"connect: seconds", {}}, {"connect: CPU microseconds per connection", {}},
                          {"connect: bytes per connection at once", {}}, {"create: seconds", {}}, {"create: CPU microseconds per session", {}},
                          {"create: bytes per session", {}}, {"queue: seconds", {}},
                          {"queue: CPU microseconds per message", {}}, {"queue: bytes per message", {}},
                          {"resume and drain: seconds", {}}, {"resume and drain: CPU microseconds per message", {}},
                          {"resident at the end, MiB", {}}};
    for (const auto &subject : subjects) {
        int came = 0;
        const auto connect = measure(subject, load, load.sessions, warmingUp(load));
        const auto create = measure(subject, load, load.sessions, makingSessions(load));
        const auto queue = measure(subject, load, 1, queueing(load));
        const auto drain = measure(subject, load, load.sessions, draining(load, came));
        if (came != load.each() * load.sessions) {
            fmt::print(stderr, "{}: {} messages came of {}\n", subject.name, came, load.messages);
            return 1;
        }
        const std::vector<double> values{connect.wall, connect.cpu * 1e6 / load.sessions, connect.resident / load.width,
                                         create.wall, create.cpu * 1e6 / load.sessions, create.resident / load.sessions,
                                         queue.wall, queue.cpu * 1e6 / load.messages, queue.resident / load.messages,
                                         drain.wall, drain.cpu * 1e6 / load.messages,
                                         residentBytes(subject.pid) / (1024 * 1024)};
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows[i].values.push_back(values[i]);
    }
    fmt::print("MQTT {}: {} sessions, {} messages of {} bytes, {} connections at once\n", is311 ? "3.1.1" : "5.0",
               load.sessions, load.messages, load.payload, load.width);
    print(subjects, rows);
    return 0;
}
