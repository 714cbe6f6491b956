#pragma once
// Several rounds of the same variants, as one result each.

#include "hiatus/v1/report.pb.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace hiatus::suite {

/// Keeps the worst result of every variant; where it came out bad in some rounds only, says "bad/rounds" in `flaky`.
class Repeats
{
public:
    void add(v1::Result result);
    /// Appends what was kept, in the order in which the variants first came.
    void moveInto(v1::Report &report);
    /// What came in every round, without traces and facts.
    const google::protobuf::RepeatedPtrField<v1::Result> &rounds() const { return m_rounds; }

private:
    struct Kept
    {
        v1::Result worst;
        unsigned rounds = 0;
        unsigned bad = 0;
    };
    google::protobuf::RepeatedPtrField<v1::Result> m_rounds;
    std::vector<Kept> m_kept;
    std::map<std::string, std::size_t> m_places;
};

} // namespace hiatus::suite
