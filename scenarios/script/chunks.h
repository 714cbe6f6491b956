#pragma once
// The protobuf text parser stops at its first error. To report them all, a file is cut into its top-level fields, and
// each is parsed alone.

#include <string>
#include <string_view>
#include <vector>

namespace hiatus::script {

struct Chunk
{
    int line = 0;   ///< lines before it
    int column = 0; ///< columns before it, in its first line
    std::string text;
    bool isClosed = true; ///< false: a block without its end
};

/// Cuts text format into its top-level fields. Takes any input: what is no field becomes a chunk that does not parse.
/// A block that is never closed ends where a line begins with another top-level field.
std::vector<Chunk> topLevelChunks(std::string_view text);

} // namespace hiatus::script
