#pragma once
// A short story of one lane in the simulation, told by the packets that it saw.

#include <QString>

#include <cstdint>
#include <string>
#include <vector>

/// Lane "dev" subscribes to "job", is reset, and resumes with a window of `window` once `published` (steps of lane "pub")
/// is done; then come `steps`. Told: the verdict, the packets of the resumed lane ("<one" came, ">puback" left, ">ping" is
/// a PINGREQ; what passed by without an event stands in brackets), the facts.
struct Story
{
    std::uint32_t qos = 1;
    std::uint32_t window = 1;
    std::string published;
    std::string steps;
    std::vector<std::string> alterations = {}; ///< of the broker

    QString told() const;
};
