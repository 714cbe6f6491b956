#pragma once
// A trace as the rows of a ladder, not drawn yet.

#include "hiatus/v1/report.pb.h"

#include <optional>
#include <string>
#include <vector>

namespace hiatus::report {

struct LadderRow
{
    enum class Kind {
        Sent,     ///< lane to target
        Received, ///< target to lane
        Command,  ///< to an application
        Event,    ///< from an application
        Opened,
        Dropped, ///< we left the link
        Closed,  ///< the link is gone
        Missing, ///< from the target, but it never came
        Note,    ///< words about the row before
        Gap,     ///< nothing happened for a while
        Left,    ///< rows left out
        Fence,   ///< a step begins that proves absence; drawn where there is room for it
    };
    enum class Mark { None, Witness, Charged };

    Kind kind = Kind::Note;
    std::optional<double> at; ///< milliseconds since the start
    std::size_t lane = 0;     ///< index into LadderRows::lanes
    std::string text;
    std::string place; ///< "file:line"
    Mark mark = Mark::None;
    std::string life; ///< a cell per lane: '|' connected, ':' left by us and not closed yet, '.' not connected
    int event = -1;   ///< index in the trace; -1: none

    bool isConnection() const { return kind == Kind::Opened || kind == Kind::Dropped || kind == Kind::Closed; }
};

struct LadderRows
{
    std::vector<std::string> lanes;
    std::vector<LadderRow> rows;
};

/// Findings are the ones to mark; notes follow the row they are about.
LadderRows ladderRows(const v1::Trace &trace, v1::Version version, const std::vector<const v1::Finding *> &findings);

/// Lanes that only ping fill a wait: a run of pings becomes one row.
void foldPings(std::vector<LadderRow> &rows);

/// Keeps about `limit` rows: those near a mark first (what led to it before what followed), connections preferred. What
/// was left out is said in a row of its own. 0: keeps all.
void foldRows(std::vector<LadderRow> &rows, std::size_t limit);

} // namespace hiatus::report
