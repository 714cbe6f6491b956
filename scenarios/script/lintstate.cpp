#include "scenarios/script/lintstate.h"

namespace hiatus::script {

bool filterMatches(const std::string &filter, const std::string &topic)
{
    std::string pattern = filter;
    if (pattern.rfind("$share/", 0) == 0) {
        const std::size_t group = pattern.find('/', 7);
        pattern = group == std::string::npos ? std::string() : pattern.substr(group + 1);
    }
    std::size_t p = 0;
    std::size_t t = 0;
    while (true) {
        const std::string level = pattern.substr(p, pattern.find('/', p) - p);
        if (level == "#")
            return true;
        if (t > topic.size())
            return false;
        if (level != "+" && level != topic.substr(t, topic.find('/', t) - t))
            return false;
        const std::size_t nextP = pattern.find('/', p);
        const std::size_t nextT = topic.find('/', t);
        if (nextP == std::string::npos)
            return nextT == std::string::npos;
        p = nextP + 1;
        t = nextT == std::string::npos ? topic.size() + 1 : nextT + 1;
    }
}

} // namespace hiatus::script
