#include "scenarios/command/common.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <numeric>

#include <sys/ioctl.h>
#include <unistd.h>

namespace hiatus::command {

bool isColourful() { return isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR"); }

std::optional<suite::Library> openLibrary(Environment &environment, const std::vector<std::string> &arguments,
                                          std::vector<std::string> &patterns, bool lenient)
{
    auto library = suite::loadLibrary({environment.root, environment.requirements}, arguments, patterns);
    if (!library) {
        std::cerr << "hiatus: " << library.error() << "\n";
        environment.status = report::UsageError;
        return std::nullopt;
    }
    if (lenient)
        return std::move(*library);
    std::size_t problems = 0;
    for (const auto &line : library->unreadable) {
        std::cerr << line << "\n";
        ++problems;
    }
    for (const auto &entry : library->entries) {
        for (const auto &problem : entry->problems) {
            std::cerr << problem.text() << "\n";
            ++problems;
        }
    }
    if (problems == 0)
        return std::move(*library);
    std::cerr << "hiatus: " << problems << (problems == 1 ? " error" : " errors") << " in scenario files; nothing was run\n";
    environment.status = report::UsageError;
    return std::nullopt;
}

void addRequirements(CLI::App &command, Environment &environment)
{
    command.add_option("--requirements", environment.requirements, "file of statements of your own, for citations; may be given several times")
        ->allow_extra_args(false);
}

report::TerminalOptions terminalOptions()
{
    report::TerminalOptions options;
    options.colour = isColourful();
    std::size_t columns = 0;
    if (const char *said = std::getenv("COLUMNS"))
        columns = std::strtoul(said, nullptr, 10);
    winsize size{};
    if (columns == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        columns = size.ws_col;
    if (columns != 0)
        options.width = std::clamp<std::size_t>(columns, 40, 200);
    return options;
}

std::string nearest(const std::string &name, const std::vector<std::string> &known)
{
    std::string best;
    std::size_t least = name.size() / 2 + 1;
    for (const auto &candidate : known) {
        std::vector<std::size_t> row(candidate.size() + 1);
        std::iota(row.begin(), row.end(), std::size_t{0});
        for (std::size_t i = 0; i < name.size(); ++i) {
            std::size_t diagonal = row[0]++;
            for (std::size_t j = 0; j < candidate.size(); ++j) {
                const std::size_t change = diagonal + (name[i] == candidate[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = std::min({change, row[j] + 1, row[j + 1] + 1});
            }
        }
        if (row.back() < least) {
            least = row.back();
            best = candidate;
        }
    }
    return best.empty() ? std::string() : "; did you mean \"" + best + "\"?";
}

v1::Version versionFrom(const std::string &text)
{
    if (text == "3.1.1" || text == "3" || text == "v3" || text == "V3" || text == "4")
        return v1::V3;
    if (text == "5.0" || text == "5" || text == "v5" || text == "V5")
        return v1::V5;
    return v1::VERSION_UNSPECIFIED;
}

v1::Role roleFrom(const std::string &text)
{
    std::string upper = text;
    std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    v1::Role role = v1::ROLE_UNSPECIFIED;
    return v1::Role_Parse(upper, &role) ? role : v1::ROLE_UNSPECIFIED;
}

} // namespace hiatus::command
