#pragma once
// What is wrong with a topic name or filter, and where.

#include "proto/wire/fault.h"

#include <string_view>

namespace hiatus::wire {

struct TopicFault
{
    const Fault *fault = nullptr; ///< null: nothing is wrong
    std::size_t offset = 0;
};

/// Offset of the first wildcard, npos if there is none.
std::size_t wildcardOffset(std::string_view topic);

/// For text known to be UTF-8. Only 5.0 knows shared subscriptions; in 3.1.1 "$share" is a level like any other.
TopicFault filterFault(std::string_view filter, v1::Version version);

/// Does it begin like a shared subscription?
bool isShared(std::string_view filter);

} // namespace hiatus::wire
