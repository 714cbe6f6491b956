#include "minibroker/net/suggest.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace hiatus::minibroker {

namespace {

/// Letters to insert, remove or exchange.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t(0));
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t exchanged = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, exchanged}));
        }
    }
    return row.back();
}

} // namespace

std::string suggestion(std::string_view name, const std::vector<std::string> &known)
{
    const auto nearest = std::min_element(known.begin(), known.end(), [&](const auto &a, const auto &b) {
        return distance(name, a) < distance(name, b);
    });
    if (nearest != known.end() && distance(name, *nearest) <= name.size() / 3)
        return *nearest;
    const auto holds = [&](const std::string &one) { return one.find(name) != std::string::npos; };
    const auto only = std::find_if(known.begin(), known.end(), holds);
    return std::count_if(known.begin(), known.end(), holds) == 1 ? *only : std::string();
}

} // namespace hiatus::minibroker
