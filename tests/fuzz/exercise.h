#pragma once
// What the fuzzer and the replay of its corpus both do with an input.

#include <string_view>

namespace hiatus::wire::test {

/// Takes the bytes as a stream in both directions and all versions, and as a serialised Packet to encode.
/// - Every packet decoded is encoded and decoded again, and has to be the same.
/// - The stream cut into pieces has to say the same as the whole.
/// - Aborts, saying why, if one of these does not hold.
void exercise(std::string_view bytes);

} // namespace hiatus::wire::test
