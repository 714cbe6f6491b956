#include "proto/wire/fault.h"

namespace hiatus::wire {

namespace {

constexpr std::size_t BytesKept = 1024;

const char *statementOf(const Fault &fault, v1::Version version)
{
    if (version == v1::V3)
        return fault.v3;
    if (version == v1::V5)
        return fault.v5;
    return std::string_view(fault.v3) == fault.v5 ? fault.v3 : "";
}

std::string sentence(const Fault &fault, std::string_view what)
{
    std::string text;
    if (!what.empty())
        text.append(what).append(": ");
    return text.append(fault.text).append(".");
}

} // namespace

Malformed malformed(const Fault &fault, std::size_t offset, v1::Version version, std::string_view what,
                    std::string_view bytes)
{
    Malformed result;
    result.reason = fault.reason;
    result.offset = offset;
    result.statement = statementOf(fault, version);
    result.version = version;
    result.code = fault.code;
    result.text = sentence(fault, what);
    result.bytes = bytes.substr(0, BytesKept);
    return result;
}

} // namespace hiatus::wire
