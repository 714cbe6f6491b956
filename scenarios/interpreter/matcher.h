#pragma once
// The one matcher. Two stages: identity fields (type, topic, payload) select a packet; all other listed fields are checks
// on the selected packet.

#include "hiatus/v1/scenario.pb.h"

#include <optional>
#include <string>
#include <vector>

namespace hiatus::run {

/// A check that failed, in the words of the script.
struct Mismatch
{
    std::string field; ///< path from the packet, e.g. "dup", "will.qos"
    std::string expected;
    std::string actual;
};

/// Is this the packet that the pattern speaks of? An empty pattern of the right kind selects any of its kind.
bool selects(const v1::Packet &pattern, const v1::Packet &packet);

/// Every listed field that does not hold. Fields that only 5.0 has are passed over in 3.1.1.
std::vector<Mismatch> mismatches(const v1::Packet &pattern, const v1::Packet &packet, v1::Version version);

/// Properties that should not be there and are.
std::vector<Mismatch> notAbsent(const google::protobuf::RepeatedPtrField<std::string> &paths, const v1::Packet &packet);

/// Values outside their range; `limit` is max or the evaluated max_of.
std::optional<Mismatch> notWithin(const v1::Within &within, std::optional<std::uint32_t> limit, const v1::Packet &packet);

/// The value at a path of the packet's kind, as text; nothing if absent.
std::optional<std::string> fieldText(const v1::Packet &packet, const std::string &path);
std::optional<std::string> fieldText(const google::protobuf::Message &message, const std::string &path);
/// Sets a scalar at a path from text; false if there is no such field or the text does not fit.
bool setField(google::protobuf::Message &message, const std::string &path, const std::string &value);

/// The packet of an Expect: its pattern. An Expect of a stream gives a bare PUBLISH.
v1::Packet patternOf(const v1::Expect &expect);

/// The packet identifier, if the packet has one.
std::optional<std::uint32_t> packetIdOf(const v1::Packet &packet);
void setPacketId(v1::Packet &packet, std::uint32_t id);

/// "PUBREL id=12", or the packet's whole line.
std::string describePattern(const v1::Packet &pattern, std::optional<std::uint32_t> id);

} // namespace hiatus::run
