// What the codec costs per packet. Aim: a small PUBLISH decodes in 200 ns at most.

#include "proto/wire/decoder.h"
#include "proto/wire/encoder.h"

#include <benchmark/benchmark.h>

using namespace hiatus;

namespace {

v1::Packet smallPublish()
{
    v1::Packet packet;
    v1::Publish &publish = *packet.mutable_publish();
    publish.set_topic("house/door");
    publish.set_payload("open");
    publish.set_qos(1);
    publish.set_packet_id(12);
    return packet;
}

v1::Packet publishWithProperties()
{
    v1::Packet packet = smallPublish();
    v1::Publish &publish = *packet.mutable_publish();
    publish.set_message_expiry_interval(60);
    publish.set_content_type("text/plain");
    publish.set_response_topic("house/door/answers");
    publish.set_correlation_data("0123456789");
    return packet;
}

v1::Packet richConnect()
{
    v1::Packet packet;
    v1::Connect &connect = *packet.mutable_connect();
    connect.set_client_id("client-of-the-bench");
    connect.set_keep_alive(60);
    connect.set_user_name("somebody");
    connect.set_password("secret");
    connect.set_session_expiry_interval(3600);
    connect.set_receive_maximum(20);
    connect.set_maximum_packet_size(65536);
    connect.mutable_will()->set_topic("house/gone");
    connect.mutable_will()->set_payload("gone");
    connect.mutable_will()->set_delay_interval(5);
    v1::UserProperty &pair = *connect.add_user_property();
    pair.set_key("origin");
    pair.set_value("bench");
    return packet;
}

void decode(benchmark::State &state, const v1::Packet &packet, v1::Version version, bool keepBytes)
{
    const std::string bytes = wire::encode(packet, version);
    wire::Decoder decoder(wire::Direction::ToServer, version);
    decoder.setKeepBytes(keepBytes);
    for (auto _ : state) {
        decoder.feed(bytes);
        auto result = decoder.next();
        if (!result || !std::holds_alternative<wire::Frame>(*result)) {
            state.SkipWithError("not decoded");
            break;
        }
        benchmark::DoNotOptimize(result);
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes.size()) * state.iterations());
}

void encode(benchmark::State &state, const v1::Packet &packet, v1::Version version)
{
    std::string out;
    for (auto _ : state) {
        out.clear();
        wire::encodeTo(out, packet, version);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(out.size()) * state.iterations());
}

BENCHMARK_CAPTURE(decode, small_publish_3_1_1, smallPublish(), v1::V3, true);
BENCHMARK_CAPTURE(decode, small_publish_5_0, smallPublish(), v1::V5, true);
BENCHMARK_CAPTURE(decode, small_publish_5_0_without_bytes, smallPublish(), v1::V5, false);
BENCHMARK_CAPTURE(decode, publish_with_properties, publishWithProperties(), v1::V5, true);
BENCHMARK_CAPTURE(decode, connect_with_properties, richConnect(), v1::V5, true);
BENCHMARK_CAPTURE(encode, small_publish_3_1_1, smallPublish(), v1::V3);
BENCHMARK_CAPTURE(encode, small_publish_5_0, smallPublish(), v1::V5);
BENCHMARK_CAPTURE(encode, publish_with_properties, publishWithProperties(), v1::V5);
BENCHMARK_CAPTURE(encode, connect_with_properties, richConnect(), v1::V5);

} // namespace
