#include "scenarios/script/script.h"
#include "scenarios/script/textfile.h"
#include "scenarios/script/verbs.h"

#include <algorithm>
#include <filesystem>

namespace hiatus::script {

namespace fs = std::filesystem;

std::string Problem::text() const
{
    return (at.line > 0 ? at.text() : at.file) + ": error: " + message;
}

namespace {

struct FragmentLoader
{
    Script &script;
    const FragmentLookup &lookup;
    Problems &problems;

    void load(const std::string &name, const Location &usedAt)
    {
        if (script.fragments.count(name) > 0)
            return;
        const auto text = lookup ? lookup(name) : std::nullopt;
        if (!text) {
            problems.push_back({usedAt, "no fragment \"" + name + "\""});
            return;
        }
        FragmentFile file;
        file.positions = Positions(text->file);
        parseTextFile(text->text, file.fragment, file.positions, problems);
        const FragmentFile &kept = script.fragments.emplace(name, std::move(file)).first->second;
        loadUsedBy(kept.fragment.step(), kept.positions);
    }

    void loadUsedBy(const Steps &steps, const Positions &positions)
    {
        forEachStep(steps, "step", [&](const v1::Step &step, const std::string &path) {
            if (step.has_use())
                load(step.use().fragment(), positions.find(path + ".use.fragment"));
        });
    }
};

bool isFragmentName(const std::string &name)
{
    return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

} // namespace

tl::expected<Script, Problems> parseScenario(std::string_view text, const std::string &file, const std::string &id,
                                             const FragmentLookup &fragments)
{
    Problems problems;
    Script script;
    script.id = id;
    script.file = file;
    script.positions = Positions(file);
    parseTextFile(text, script.scenario, script.positions, problems);
    FragmentLoader{script, fragments, problems}.loadUsedBy(script.scenario.step(), script.positions);
    if (!problems.empty())
        return tl::unexpected(std::move(problems));
    return script;
}

tl::expected<Script, Problems> loadScenario(const std::string &path, const std::string &id, const std::string &fragments)
{
    const auto text = readTextFile(path);
    if (!text)
        return tl::unexpected(Problems{{{path, 0, 0}, text.error()}});
    const auto lookup = [&fragments](const std::string &name) -> std::optional<FragmentText> {
        if (!isFragmentName(name))
            return std::nullopt;
        const std::string file = (fs::path(fragments) / (name + ".txtpb")).string();
        auto found = readTextFile(file);
        if (!found)
            return std::nullopt;
        return FragmentText{file, std::move(*found)};
    };
    return parseScenario(*text, path, id, lookup);
}

std::string scenarioId(const std::string &path, const std::string &catalogue)
{
    const fs::path file = fs::path(path).lexically_normal();
    const fs::path under = file.lexically_relative(fs::path(catalogue).lexically_normal());
    if (!catalogue.empty() && !under.empty() && *under.begin() != ".." && under != ".")
        return (under.parent_path() / under.stem()).generic_string();
    const std::string parent = file.parent_path().filename().string();
    const std::string stem = file.stem().string();
    return parent.empty() ? stem : parent + "/" + stem;
}

std::vector<std::string> scenarioFiles(const std::string &directory)
{
    std::vector<std::string> files;
    std::error_code error;
    for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
        if (it->is_regular_file(error) && it->path().extension() == ".txtpb")
            files.push_back(it->path().string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace hiatus::script
