#include "scenarios/report/html/source.h"

#include <algorithm>
#include <charconv>

namespace hiatus::report::html {

std::pair<std::string, int> placeOf(const std::string &at)
{
    const std::size_t column = at.rfind(':');
    const std::size_t line = column == std::string::npos || column == 0 ? std::string::npos : at.rfind(':', column - 1);
    if (line == std::string::npos)
        return {at, 0};
    int number = 0;
    std::from_chars(at.data() + line + 1, at.data() + column, number);
    return {at.substr(0, line), number};
}

std::string houseFile(const std::string &file)
{
    static const std::string house = "/scenarios/";
    const std::size_t at = file.rfind(house);
    return at == std::string::npos ? file : file.substr(at + 1);
}

void source(Markup &out, const std::string &text, const std::set<int> &marked)
{
    out.open("pre", {{"class", "source"}});
    int number = 0;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        const std::string line = text.substr(from, end - from);
        from = end + 1;
        ++number;
        if (line.rfind("# proto-", 0) == 0)
            continue; // tells editors which schema this is, readers nothing
        out.leaf(marked.count(number) ? "mark" : "span", line, {{"data-n", std::to_string(number)}}).line();
    }
    out.close();
}

} // namespace hiatus::report::html
