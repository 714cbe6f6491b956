#pragma once
// A trace as a ladder: one column per lane, one for the target, an arrow per packet. It is what people paste into bug
// reports, so it is plain text, says what its marks mean by words, and explains itself without the script at hand.
//
//        ms  pub   sub                                                         target  owed.txtpb
//       0.0  .     o==== opened ====================================================|  :10
//       0.0  .     |---- CONNECT clean=0 id=... ------------------------------------>|  :10
//       1.2  .     |<--- CONNACK session_present=0 code=0x00 Success ----------------|
//   ~ 2.0 s  .     :                                                                :
// !!         .     |<- - PUBREL id=12 (missing) - - - - - - - - - - - - - - - - - - -|  :31

#include "hiatus/v1/report.pb.h"

#include <cstddef>
#include <string>
#include <vector>

namespace hiatus::report {

struct LadderOptions
{
    std::size_t width = 120; ///< columns; at least 60 are used; below 80 script lines stand without their file
    std::size_t rows = 0;    ///< keep about this many rows around the findings and say what was left out; 0: all
    bool colour = false;
    bool legend = true;
    v1::Version version = v1::VERSION_UNSPECIFIED; ///< names the reason codes of packets
    std::string target = "target";                 ///< the name over its column
    std::vector<const v1::Finding *> findings;     ///< marked; those that name no event are drawn where they were due
};

/// Lines ending in '\n'; empty if the trace has nothing to draw. A STEP event's `text` is taken as the place of the
/// step
/// ("file:line:column") and shown beside the packets that it wrote or consumed.
std::string ladder(const v1::Trace &trace, const LadderOptions &options);

/// What the marks mean, in lines of about `width` columns.
std::string ladderLegend(std::size_t width);

} // namespace hiatus::report
