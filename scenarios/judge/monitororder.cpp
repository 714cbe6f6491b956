// Messages of one publisher, topic and QoS reach each subscriber in the order of their publication: first copies only,
// nothing across topics, nothing on shared subscriptions [3.1.1 MQTT-4.6.0-6#b] [5.0 MQTT-4.6.0-5].

#include "scenarios/judge/monitors.h"

#include <map>
#include <set>
#include <tuple>

namespace hiatus::judge {

namespace {

using Flow = std::tuple<std::string, std::string, std::uint32_t>; ///< publisher, topic, QoS

/// Where a message stands in its flow; messages that occur twice, or are retained, say nothing.
struct Published
{
    std::map<std::pair<std::string, std::string>, std::pair<Flow, std::size_t>> place; ///< by topic and payload
    std::set<std::pair<std::string, std::string>> ambiguous;
};

Published collect(const v1::Trace &trace)
{
    Published published;
    std::map<Flow, std::size_t> count;
    for (const auto &event : trace.event()) {
        const bool isSent = event.kind() == v1::TraceEvent::SENT && event.packet().has_publish();
        if (!isSent || event.lost())
            continue;
        const auto &publish = event.packet().publish();
        const std::pair key(publish.topic(), publish.payload());
        const Flow flow(event.lane(), publish.topic(), publish.qos());
        const bool isNew = published.place.emplace(key, std::pair(flow, count[flow]++)).second;
        if (!isNew || publish.retain() || event.link() > 1)
            published.ambiguous.insert(key);
    }
    return published;
}

std::set<std::string> lanesWithSharedSubscriptions(const v1::Trace &trace)
{
    std::set<std::string> lanes;
    for (const auto &event : trace.event()) {
        for (const auto &filter : event.packet().subscribe().filter()) {
            if (filter.filter().rfind("$share/", 0) == 0)
                lanes.insert(event.lane());
        }
    }
    return lanes;
}

} // namespace

void monitorOrder(const script::Variant &, const v1::Trace &trace, Charges &charges)
{
    const Published published = collect(trace);
    const auto shared = lanesWithSharedSubscriptions(trace);
    std::map<std::pair<std::string, Flow>, std::size_t> highest;
    std::set<std::pair<std::string, std::pair<std::string, std::string>>> seen;
    for (int i = 0; i < trace.event_size(); ++i) {
        const auto &event = trace.event(i);
        if (event.kind() != v1::TraceEvent::RECEIVED || !event.packet().has_publish() || event.ambient() || event.lost() || shared.count(event.lane()))
            continue;
        const auto &publish = event.packet().publish();
        const std::pair key(publish.topic(), publish.payload());
        const auto place = published.place.find(key);
        if (place == published.place.end() || published.ambiguous.count(key) || !seen.insert({event.lane(), key}).second)
            continue;
        auto &last = highest[{event.lane(), place->second.first}];
        if (place->second.second + 1 < last)
            charges.add("MONITOR_ORDER", "MQTT-4.6.0-6#b", "MQTT-4.6.0-5", static_cast<std::uint32_t>(i),
                        "It was published before a message that has come already.", "the order of publication");
        last = std::max(last, place->second.second + 1);
    }
}

} // namespace hiatus::judge
