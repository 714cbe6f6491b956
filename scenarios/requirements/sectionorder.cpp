#include "scenarios/requirements/sectionorder.h"

#include <cctype>
#include <cstddef>
#include <string>
#include <tuple>
#include <vector>

namespace hiatus::requirements {

namespace {

struct Place
{
    int group = 0; ///< 0: numbered or prose, 1: derived, 2: allowance
    std::vector<int> section;
    int prose = 0;
    int item = 0;
    std::string rest;

    auto order() const { return std::tie(group, section, prose, item, rest); }
};

int groupOf(std::string_view id)
{
    if (!id.empty() && id.front() == 'D')
        return 1;
    return !id.empty() && id.front() == 'A' ? 2 : 0;
}

int numberAt(std::string_view text, std::size_t &at)
{
    int value = 0;
    while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0 && value < 1'000'000)
        value = value * 10 + (text[at++] - '0');
    return value;
}

Place placeOf(std::string_view id)
{
    Place place;
    place.group = groupOf(id);
    place.prose = !id.empty() && id.front() == 'U' ? 1 : 0;
    const std::size_t dash = id.find('-');
    if (dash == std::string_view::npos) {
        place.rest = id;
        return place;
    }
    std::size_t at = dash + 1;
    if (place.group == 0) {
        place.section.push_back(numberAt(id, at));
        while (at < id.size() && id[at] == '.')
            place.section.push_back(numberAt(id, ++at));
        if (at < id.size() && id[at] == '-')
            ++at;
    }
    place.item = numberAt(id, at);
    place.rest = id.substr(at);
    return place;
}

} // namespace

bool standsBefore(std::string_view a, std::string_view b)
{
    const Place left = placeOf(a);
    const Place right = placeOf(b);
    if (left.order() != right.order())
        return left.order() < right.order();
    return a < b;
}

} // namespace hiatus::requirements
