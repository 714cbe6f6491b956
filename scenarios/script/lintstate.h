#pragma once
// What a reader of the script knows of connections, sessions and symbols, step by step.

#include "hiatus/v1/scenario.pb.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace hiatus::script {

struct KnownFilter
{
    std::string filter;
    bool noLocal = false;
};

struct KnownSession
{
    std::vector<KnownFilter> filters;
    std::set<std::string> symbols;
    /// Topics and payloads that the target may have written into a connection whose loss it could not know of.
    std::set<std::pair<std::string, std::string>> maybeSent;

    /// A filter that is there already is replaced.
    void subscribe(const std::string &filter, bool noLocal);
    void unsubscribe(const std::string &filter);
    /// `own`: by a connection of the session itself, which No Local leaves out.
    bool isSubscribed(const std::string &topic, bool own) const;
};

struct KnownLane
{
    enum class Link { Down, Maybe, Up };
    v1::Party party = v1::MQTT_CLIENT;
    std::string session;
    v1::Connect written; ///< Lane.connect
    bool keeps = false;  ///< Lane.keep_for
    Link link = Link::Down;
    v1::Connect connect; ///< of the present connection
    bool deaf = false;   ///< dropped so that the target can't know
    bool left = false;   ///< and its link is still open at our end
    bool kept = false;   ///< the session outlives the connection
    std::uint32_t held = 0; ///< messages of the present connection that were read and not acknowledged
};

struct Known
{
    std::map<std::string, KnownLane> lanes;
    std::map<std::string, KnownSession> sessions;

    /// A lane that the script does not declare has been told already: nothing is certain about it.
    KnownLane &lane(const std::string &name);
    KnownSession &sessionOf(const KnownLane &lane) { return sessions[lane.session]; }
    /// A message was published: to sessions whose connection was lost unnoticed it may have been sent.
    void published(const std::string &topic, const std::string &payload);
    /// With the target every connection is lost, and every session that was not to outlive its connection.
    void loseTarget();
    /// Which of the branches was taken is not known: what they disagree about is no longer certain.
    void mergeBranches(const std::vector<Known> &ends);
};

/// Whether a topic filter matches a topic; `$share/group/` is looked through.
bool filterMatches(const std::string &filter, const std::string &topic);

} // namespace hiatus::script
