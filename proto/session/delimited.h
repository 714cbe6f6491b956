#pragma once
// Messages one after the other in a stream of bytes, each behind its length as a varint: how adapters are spoken to.

#include <google/protobuf/message_lite.h>

#include <string>

namespace hiatus {

std::string delimited(const google::protobuf::MessageLite &message);

enum class Taken { Nothing, Message, Garbage };
/// Takes the first message off the front of `bytes`. Nothing: it is not there as a whole yet. Garbage: it never will be.
Taken takeDelimited(std::string &bytes, google::protobuf::MessageLite &message);

} // namespace hiatus
