#pragma once
// Which section of its standard a statement stands in, and what that section is called.

#include "hiatus/v1/packet.pb.h"

#include <string>
#include <string_view>

namespace hiatus::requirements {

/// "4.4" of "MQTT-4.4.0-1#b", "3.14" of "U5-3.14.2.1-3"; "derived" and "allowances" for rows of our own making; empty
/// for an id of another shape.
std::string sectionOf(std::string_view id);

/// "Message delivery retry"; empty for a section that no statement stands in. The same number is another section in the
/// other version.
std::string_view sectionTitle(v1::Version version, std::string_view section);

} // namespace hiatus::requirements
