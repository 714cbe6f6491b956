#include "scenarios/suite/logslice.h"

#include <filesystem>
#include <fstream>

namespace hiatus::suite {

namespace {
constexpr std::uint64_t Longest = 16 * 1024;
} // namespace

std::uint64_t LogSlice::mark() const
{
    std::error_code error;
    const auto size = m_path.empty() ? 0 : std::filesystem::file_size(m_path, error);
    return error ? 0 : size;
}

std::string LogSlice::since(std::uint64_t mark) const
{
    std::ifstream file(m_path, std::ios::binary);
    const std::uint64_t end = this->mark();
    const std::uint64_t whole = end < mark ? 0 : mark; // it was rotated
    const std::uint64_t begin = end - whole > Longest ? end - Longest : whole;
    if (!file || end == begin)
        return {};
    std::string text(end - begin, '\0');
    file.seekg(static_cast<std::streamoff>(begin));
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (begin > whole)
        text.erase(0, text.find('\n') + 1);
    for (auto at = m_secret.empty() ? std::string::npos : text.find(m_secret); at != std::string::npos; at = text.find(m_secret, at))
        text.replace(at, m_secret.size(), "***");
    return text;
}

} // namespace hiatus::suite
