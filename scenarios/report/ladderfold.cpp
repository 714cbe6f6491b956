#include "scenarios/report/ladderrows.h"
#include "scenarios/report/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <numeric>

namespace hiatus::report {

namespace {

using Kind = LadderRow::Kind;
using Mark = LadderRow::Mark;

constexpr std::size_t pingsShown = 3;

/// How far a row is from what matters: rows after a mark count thrice, connections half.
std::size_t remoteness(const std::vector<LadderRow> &rows, const std::vector<std::size_t> &marks, std::size_t row)
{
    std::size_t nearest = std::numeric_limits<std::size_t>::max();
    for (const std::size_t mark : marks)
        nearest = std::min(nearest, row <= mark ? 2 * (mark - row) : 6 * (row - mark));
    return rows[row].isConnection() ? nearest / 2 : nearest;
}

std::vector<std::size_t> markedRows(const std::vector<LadderRow> &rows)
{
    for (const Mark wanted : {Mark::Charged, Mark::Witness}) {
        std::vector<std::size_t> marks;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (rows[i].mark == wanted)
                marks.push_back(i);
        }
        if (!marks.empty())
            return marks;
    }
    return {rows.size() - 1}; // nothing is marked: the end is where a run stopped
}

LadderRow leftOut(const std::vector<LadderRow> &rows, std::size_t from, std::size_t to)
{
    std::size_t packets = 0;
    std::size_t connections = 0;
    for (std::size_t i = from; i < to; ++i) {
        packets += rows[i].kind == Kind::Sent || rows[i].kind == Kind::Received ? 1U : 0U;
        connections += rows[i].kind == Kind::Opened ? 1U : 0U;
    }
    LadderRow row;
    row.kind = Kind::Left;
    row.text = fmt::format("{} left out: {}", counted(to - from, "row"), counted(packets, "packet"));
    if (connections > 0)
        row.text += ", " + counted(connections, "connection") + " opened";
    row.life = rows[to - 1].life;
    return row;
}

} // namespace

void foldPings(std::vector<LadderRow> &rows)
{
    const auto isPing = [](const LadderRow &row) {
        return row.mark == Mark::None && (row.text == "PINGREQ" || row.text == "PINGRESP");
    };
    for (std::size_t from = 0; from < rows.size(); ++from) {
        std::size_t to = from;
        std::size_t pings = 0;
        for (; to < rows.size() && (isPing(rows[to]) || (pings > 0 && rows[to].kind == Kind::Gap)); ++to)
            pings += isPing(rows[to]) ? 1U : 0U;
        while (to > from && rows[to - 1].kind == Kind::Gap)
            --to;
        if (pings <= pingsShown)
            continue;
        LadderRow row = rows[to - 1];
        row.kind = Kind::Left;
        row.text =
            fmt::format("{} PINGREQ and PINGRESP in {}", pings, duration(*row.at - rows[from].at.value_or(*row.at)));
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(from), rows.begin() + static_cast<std::ptrdiff_t>(to));
        rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(from), row);
    }
}

void foldRows(std::vector<LadderRow> &rows, std::size_t limit)
{
    if (limit == 0 || rows.size() <= limit)
        return;
    const std::vector<std::size_t> marks = markedRows(rows);
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::vector<std::size_t> rank(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        rank[i] = remoteness(rows, marks, i);
    std::stable_sort(order.begin(), order.end(), [&rank](std::size_t a, std::size_t b) { return rank[a] < rank[b]; });

    std::vector<bool> kept(rows.size(), false);
    for (std::size_t i = 0; i < limit; ++i)
        kept[order[i]] = true;
    std::vector<LadderRow> folded;
    for (std::size_t from = 0; from < rows.size();) {
        std::size_t to = from;
        while (to < rows.size() && !kept[to])
            ++to;
        if (to - from == 1)
            folded.push_back(rows[from]); // saying that one row is left out takes a row
        else if (to > from)
            folded.push_back(leftOut(rows, from, to));
        if (to < rows.size())
            folded.push_back(rows[to]);
        from = to + 1;
    }
    rows = std::move(folded);
}

} // namespace hiatus::report
