#pragma once
// What a step leaves to the axes and the lane, written in: `drop.how`, qos, `open.clean` …

#include "scenarios/script/axes.h"

#include "hiatus/v1/scenario.pb.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hiatus::script {

/// Fills the steps of one variant, in their order.
class Filler
{
public:
    Filler(const Binding &binding, const std::vector<v1::Lane> &lanes) : m_binding(binding), m_lanes(lanes) {}

    void fill(v1::Step &step);
    /// Remembers with which QoS a filled step publishes, for fences to come.
    void publishedBy(const v1::Step &step);

private:
    std::optional<std::uint32_t> qosAxis() const;
    std::optional<v1::Drop> dropAxis() const;
    bool clean(const std::string &lane) const;
    void fill(v1::PublishStep &publish) const;
    void fill(v1::SubscribeStep &subscribe) const;
    void fill(v1::Fence &fence) const;
    void fill(v1::TargetStep &target) const;
    void fill(v1::App &app) const;
    void published(const std::string &lane, const v1::PublishStep &publish);

    const Binding &m_binding;
    const std::vector<v1::Lane> &m_lanes;
    std::map<std::pair<std::string, std::string>, std::uint32_t> m_lastQos; // lane and topic
};

} // namespace hiatus::script
