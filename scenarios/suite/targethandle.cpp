#include "scenarios/suite/targethandle.h"

#include "scenarios/world/freeports.h"

#include <QRandomGenerator>

#include <cstdlib>
#include <filesystem>
#include <map>

#include <unistd.h>

namespace hiatus::suite {

namespace {

/// What the braces of a profile stand for in this run.
class Choices
{
public:
    explicit Choices(const std::string &profile) : m_profile(profile) {}
    ~Choices()
    {
        if (!m_directory.empty())
            rmdir(m_directory.c_str()); // nobody used it
    }

    std::optional<std::string> choose(const std::string &name)
    {
        const std::string kind = name.substr(0, name.find_last_not_of("0123456789") + 1);
        const auto known = m_known.find(name);
        if (known != m_known.end())
            return known->second;
        if (kind == "port")
            return m_known[name] = newPort();
        if (kind == "user" || kind == "id")
            return m_known[name] = "h" + word(8);
        if (kind == "password")
            return m_known[name] = word(24);
        if (name == "dir")
            return directory();
        if (name == "profile")
            return std::filesystem::absolute(m_profile).parent_path().string();
        return std::nullopt;
    }
    std::string directory()
    {
        if (m_directory.empty()) {
            std::string pattern = (std::filesystem::temp_directory_path() / "hiatus-XXXXXX").string();
            m_directory = mkdtemp(pattern.data()) ? pattern : std::string();
        }
        return m_directory;
    }
    std::string takeDirectory() { return std::exchange(m_directory, {}); }

private:
    std::string newPort()
    {
        if (m_ports.empty())
            m_ports = world::freePorts(16);
        if (m_ports.empty())
            return "0";
        const auto port = m_ports.back();
        m_ports.pop_back();
        return std::to_string(port);
    }
    static std::string word(int length)
    {
        static const std::string letters = "abcdefghijkmnpqrstuvwxyz23456789";
        std::string text;
        while (length-- > 0)
            text += letters[QRandomGenerator::system()->bounded(quint32(letters.size()))];
        return text;
    }

    const std::string &m_profile;
    std::map<std::string, std::string> m_known;
    std::vector<std::uint16_t> m_ports;
    std::string m_directory;
};

/// "localhost:1883" is an address that lacks its scheme.
std::string meantUrl(const std::string &argument)
{
    const auto colon = argument.rfind(':');
    const bool isPort = colon != std::string::npos && colon + 1 < argument.size() && argument.find_first_not_of("0123456789", colon + 1) == std::string::npos;
    return isPort ? "; did you mean mqtt://" + argument + "?" : std::string();
}

} // namespace

tl::expected<std::unique_ptr<TargetHandle>, std::string> TargetHandle::open(const std::string &argument)
{
    auto handle = std::make_unique<TargetHandle>();
    Choices choices(argument);
    const bool isUrl = argument.find("://") != std::string::npos;
    auto profile = isUrl ? lifecycle::profileOfUrl(argument)
                         : lifecycle::loadProfile(argument, [&](const std::string &name) { return choices.choose(name); });
    if (!profile)
        return tl::unexpected(isUrl || std::filesystem::exists(argument)
                                  ? profile.error()
                                  : "--target takes sim, mqtt://host:port or a profile file; there is no file " + argument + meantUrl(argument));
    handle->m_profile = std::move(*profile);
    if (handle->m_profile.hasLifeCycle()) {
        if (choices.directory().empty())
            return tl::unexpected(std::string("no directory for the target can be made in ") + std::filesystem::temp_directory_path().string());
        handle->m_process = std::make_unique<lifecycle::TargetProcess>(handle->m_profile.target, choices.takeDirectory());
    }
    return handle;
}

} // namespace hiatus::suite
