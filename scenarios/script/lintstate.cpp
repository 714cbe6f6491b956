#include "scenarios/script/lintstate.h"

#include <algorithm>

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

void KnownSession::subscribe(const std::string &filter, bool noLocal)
{
    unsubscribe(filter);
    filters.push_back({filter, noLocal});
}

void KnownSession::unsubscribe(const std::string &filter)
{
    const auto isIt = [&filter](const KnownFilter &known) { return known.filter == filter; };
    filters.erase(std::remove_if(filters.begin(), filters.end(), isIt), filters.end());
}

bool KnownSession::isSubscribed(const std::string &topic, bool own) const
{
    return std::any_of(filters.begin(), filters.end(),
                       [&](const KnownFilter &known) { return !(own && known.noLocal) && filterMatches(known.filter, topic); });
}

KnownLane &Known::lane(const std::string &name)
{
    const auto [known, fresh] = lanes.try_emplace(name);
    if (fresh)
        known->second.link = KnownLane::Link::Maybe;
    return known->second;
}

void Known::published(const std::string &topic, const std::string &payload)
{
    for (const auto &[name, lane] : lanes) {
        if (lane.deaf && sessionOf(lane).isSubscribed(topic, false))
            sessionOf(lane).maybeSent.insert({topic, payload});
    }
}

void Known::loseTarget()
{
    for (auto &[name, known] : lanes) {
        if (known.link != KnownLane::Link::Down && !known.kept)
            sessionOf(known).filters.clear();
        known.link = KnownLane::Link::Down;
        known.held = 0;
    }
}

void Known::mergeBranches(const std::vector<Known> &ends)
{
    if (ends.empty())
        return;
    *this = ends.front();
    for (const Known &end : ends) {
        for (auto &[name, lane] : lanes) {
            const auto other = end.lanes.find(name);
            if (other == end.lanes.end() || lane.link != other->second.link)
                lane.link = KnownLane::Link::Maybe;
        }
        for (const auto &[name, session] : end.sessions)
            sessions[name].symbols.insert(session.symbols.begin(), session.symbols.end());
    }
}

} // namespace hiatus::script
