#pragma once
// What a client with these alterations does in the course of a life, as text: an alteration shows in one of them.

#include "hiatus/v1/packet.pb.h"

#include <QString>

#include <string>
#include <vector>

namespace hiatus::client {

/// A life with everything in it: every exchange cut in the middle, sessions kept, lost and begun anew.
QString life(v1::Version version, const std::vector<std::string> &names);

/// What the first life has no room for: acknowledgements by hand, a name from the server, aliases, properties, rejections,
/// limits that change, a granted interval, and a store.
QString otherLife(v1::Version version, const std::vector<std::string> &names);

/// What a server grants and refuses, and what no server may send.
QString strictLife(v1::Version version, const std::vector<std::string> &names);

} // namespace hiatus::client
