#include "scenarios/command/writereports.h"

#include "scenarios/command/page.h"

#include "scenarios/report/annotations.h"
#include "scenarios/report/jsonreport.h"
#include "scenarios/report/junit.h"
#include "scenarios/report/pcapng.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <utility>

#include <unistd.h>

namespace hiatus::command {

namespace {

using Written = tl::expected<void, std::string>;

std::pair<std::string, std::string> split(const std::string &spec)
{
    const auto colon = spec.find(':');
    return {spec.substr(0, colon), colon == std::string::npos ? "" : spec.substr(colon + 1)};
}

Written write(const std::string &path, const std::string &text)
{
    if (path != "-")
        return report::writeWhole(path, text);
    std::cout << text;
    return {};
}

Written makeDirectory(const std::string &path)
{
    std::error_code error;
    std::filesystem::create_directories(path, error);
    return error ? Written(tl::make_unexpected(path + ": " + error.message())) : Written{};
}

/// "queue/qos1_resume[v5,rst]" as the name of a file.
std::string fileName(std::string variant)
{
    std::replace_if(variant.begin(), variant.end(), [](char c) { return c == '/' || c == '[' || c == ']' || c == ',' || c == ' '; }, '-');
    while (!variant.empty() && variant.back() == '-')
        variant.pop_back();
    return variant + ".pcapng";
}

/// One file of everything where the path says .pcapng, else a folder with a file for every trace.
Written writeCapture(const std::string &path, const v1::Report &report)
{
    if (std::filesystem::path(path).extension() == ".pcapng" || path == "-")
        return write(path, report::toPcapng(report));
    Written written = makeDirectory(path);
    for (const auto &result : report.result()) {
        if (written && result.has_trace())
            written = report::writeWhole(path + "/" + fileName(result.variant()), report::toPcapng(report, result));
    }
    return written;
}

} // namespace

namespace {

/// A long run shall not end with a report that can go nowhere: nothing if `path` can be written, or made.
std::string unwritable(const std::string &path, bool isFolder)
{
    namespace fs = std::filesystem;
    std::error_code error;
    fs::path folder = isFolder ? fs::path(path) : fs::absolute(path, error).parent_path();
    while (isFolder && !folder.empty() && !fs::exists(folder, error))
        folder = folder.has_parent_path() ? folder.parent_path() : fs::path(".");
    if (!fs::is_directory(folder, error))
        return path + ": there is no folder " + folder.string();
    return access(folder.c_str(), W_OK) == 0 ? std::string() : path + ": nothing can be written into " + folder.string();
}

} // namespace

std::string wrongWith(const std::string &spec)
{
    static constexpr std::array kinds{"json", "junit", "html", "pcapng", "github"};
    const auto [kind, path] = split(spec);
    const bool isFolder = kind == "html" || (kind == "pcapng" && std::filesystem::path(path).extension() != ".pcapng");
    if (!path.empty() && std::find(kinds.begin(), kinds.end(), kind) != kinds.end())
        return path == "-" || path.rfind("/dev/", 0) == 0 ? std::string() : unwritable(path, isFolder);
    return "--report takes json:FILE, junit:FILE, html:DIR, pcapng:DIR or github:FILE, not \"" + spec + "\"";
}

bool writeReports(const ReportRequest &request, const v1::Report &report, const suite::Library &library)
{
    const report::Context context = contextOf(library);
    bool isAnnotated = false;
    for (const auto &spec : request.specs) {
        const auto [kind, path] = split(spec);
        const std::string problem = wrongWith(spec);
        Written written = problem.empty() ? Written{} : Written(tl::make_unexpected(problem));
        if (!written)
            ;
        else if (kind == "json")
            written = write(path, report::toJson(report));
        else if (kind == "junit")
            written = write(path, report::toJunit(report, context, {request.isStrict}));
        else if (kind == "html")
            written = writePage(path, {{&report}, {}}, library);
        else if (kind == "pcapng")
            written = writeCapture(path, report);
        else if (kind == "github")
            isAnnotated = true, written = write(path, report::toAnnotations(report, request.root));
        if (!written) {
            std::cerr << "hiatus: " << written.error() << "\n";
            return false;
        }
    }
    if (!isAnnotated && std::getenv("GITHUB_ACTIONS"))
        std::cout << report::toAnnotations(report, request.root);
    return true;
}

} // namespace hiatus::command
