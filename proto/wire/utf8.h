#pragma once
// UTF-8 as MQTT wants it: shortest forms, no surrogates, no U+0000.

#include <cstddef>
#include <string_view>

namespace hiatus::wire {

struct Utf8Fault
{
    enum Kind { None, Ill, Null };
    Kind kind = None;
    std::size_t offset = 0; ///< of the byte where the character that is wrong begins
};

Utf8Fault utf8Fault(std::string_view bytes);

} // namespace hiatus::wire
