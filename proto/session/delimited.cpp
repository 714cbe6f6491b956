#include "proto/session/delimited.h"

#include <google/protobuf/util/delimited_message_util.h>

#include <sstream>

namespace hiatus {

namespace {
constexpr std::size_t Longest = 64 * 1024 * 1024;
} // namespace

std::string delimited(const google::protobuf::MessageLite &message)
{
    std::ostringstream out;
    google::protobuf::util::SerializeDelimitedToOstream(message, &out);
    return out.str();
}

Taken takeDelimited(std::string &bytes, google::protobuf::MessageLite &message)
{
    std::size_t size = 0;
    std::size_t at = 0;
    for (unsigned shift = 0;; shift += 7) {
        if (at == bytes.size())
            return Taken::Nothing;
        const auto byte = static_cast<unsigned char>(bytes[at++]);
        size |= static_cast<std::size_t>(byte & 0x7F) << shift;
        if (size > Longest || shift > 28)
            return Taken::Garbage;
        if (byte < 0x80)
            break;
    }
    if (bytes.size() - at < size)
        return Taken::Nothing;
    const bool isParsed = message.ParseFromArray(bytes.data() + at, static_cast<int>(size));
    bytes.erase(0, at + size);
    return isParsed ? Taken::Message : Taken::Garbage;
}

} // namespace hiatus
