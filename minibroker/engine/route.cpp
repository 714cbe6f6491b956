// From a publication to the sessions it concerns.

#include "minibroker/engine/state.h"

#include <algorithm>

namespace hiatus::broker {

void deliverCopies(State &state, Session &session, const Matching &matching, const PublicationPtr &publication)
{
    const bool shared = matching.front()->shared;
    for (auto &copy : state.rules.copies(session, matching, *publication))
        deliver(state, session, Message{publication, std::move(copy.identifiers), 0, copy.qos, copy.retain, shared});
}

std::size_t route(State &state, const PublicationPtr &publication, const Session *publisher)
{
    Matches plain, shared;
    state.index.match(publication->topic(), plain, shared);
    std::erase_if(plain, [&](const Match &match) { // [5.0 MQTT-3.8.3-3]
        return isExpired(state, *match.session) || (match.subscription->noLocal && match.session == publisher);
    });
    std::stable_sort(plain.begin(), plain.end(),
                     [](const Match &a, const Match &b) { return a.session->number < b.session->number; });

    std::size_t receivers = 0;
    Matching matching;
    for (std::size_t i = 0; i < plain.size(); ++receivers) {
        auto &session = *plain[i].session;
        matching.clear();
        for (; i < plain.size() && plain[i].session == &session; ++i)
            matching.push_back(plain[i].subscription);
        deliverCopies(state, session, matching, publication);
    }
    for (const auto &match : shared)
        deliverCopies(state, *match.session, {match.subscription}, publication);
    return receivers + shared.size();
}

} // namespace hiatus::broker
