#pragma once
// Isolation: every variant has topics and client ids of its own. Scripts and reports never see the prefix.

#include "hiatus/v1/packet.pb.h"
#include "hiatus/v1/scenario.pb.h"

#include <string>
#include <string_view>

namespace hiatus::run {

class Scope
{
public:
    /// The token is made from the variant's id and the run's seed: the same run gives the same names. Topics and filters are
    /// below `root`, if there is one: "test/hiatus".
    Scope(std::string_view variant, std::uint64_t seed, std::string_view root = {});

    const std::string &token() const { return m_token; }
    /// At most 23 characters of 0-9a-zA-Z: every server must take it [3.1.1 MQTT-3.1.3-5] [5.0 MQTT-3.1.3-5].
    std::string clientId(std::string_view session) const;

    /// The lane's own: as it says, or by the name of its session.
    std::string clientId(const v1::Lane &lane) const;

    std::string topicOut(std::string_view topic) const;
    std::string topicIn(std::string_view topic) const;
    std::string filterOut(std::string_view filter) const;
    std::string filterIn(std::string_view filter) const;

    /// Adds or takes off the prefix in every field that the schema marks as topic or filter. Client ids are the lanes'.
    void outward(google::protobuf::Message &message) const { walk(message, true); }
    void inward(google::protobuf::Message &message) const { walk(message, false); }

private:
    void walk(google::protobuf::Message &message, bool out) const;
    std::string change(v1::Scope scope, const std::string &value, bool out) const;

    std::string m_token;
    std::string m_prefix;
};

} // namespace hiatus::run
