#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace hiatus::suite {

/// The target's own log, of which a failure shows what was written meanwhile.
class LogSlice
{
public:
    /// No path: nothing is ever read. `secret` is replaced wherever it stands.
    LogSlice(std::string path, std::string secret) : m_path(std::move(path)), m_secret(std::move(secret)) {}

    /// Where the log ends now.
    std::uint64_t mark() const;
    /// What was written since; of much, the last part, from the beginning of a line.
    std::string since(std::uint64_t mark) const;

private:
    std::string m_path;
    std::string m_secret;
};

} // namespace hiatus::suite
