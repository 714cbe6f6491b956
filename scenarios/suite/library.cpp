#include "scenarios/suite/library.h"

#include "scenarios/report/baseline.h"
#include "scenarios/requirements/dataroot.h"
#include "scenarios/script/lint.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace hiatus::suite {

namespace {

bool isFile(const std::string &argument)
{
    std::error_code ignored;
    return argument.size() > 6 && (argument.rfind(".txtpb") == argument.size() - 6 || std::filesystem::is_regular_file(argument, ignored));
}

void add(Library &library, const std::string &path, const std::string &id)
{
    auto script = script::loadScenario(path, id, fragmentsDirectory(library.root));
    if (!script) {
        for (const auto &problem : script.error())
            library.unreadable.push_back(problem.text());
        return;
    }
    auto entry = std::make_unique<Entry>();
    entry->script = std::move(*script);
    auto examined = script::examine(entry->script, [&](v1::Version version, const std::string &statement, v1::Role role) {
        return library.catalogue.find(version, statement, role);
    });
    entry->problems = std::move(examined.problems);
    entry->variants = std::move(examined.variants);
    library.entries.push_back(std::move(entry));
}

bool citesAny(const std::vector<script::PlannedStep> &steps, const std::function<bool(const script::PlannedCite &)> &is)
{
    return std::any_of(steps.begin(), steps.end(), [&](const script::PlannedStep &step) {
        return std::any_of(step.cites.begin(), step.cites.end(), is) ||
               std::any_of(step.blocks.begin(), step.blocks.end(), [&](const auto &block) { return citesAny(block.steps, is); });
    });
}

/// A pattern names a variant, a scenario, or everything below a topic.
bool matches(const std::string &pattern, const script::Variant &variant)
{
    return report::globMatches(pattern, variant.id) || report::globMatches(pattern, variant.scenario) ||
           report::globMatches(pattern + "/*", variant.scenario);
}

} // namespace

tl::expected<Library, std::string> loadLibrary(const Sources &sources, const std::vector<std::string> &arguments,
                                               std::vector<std::string> &patterns)
{
    const std::string &root = sources.root;
    auto catalogue = requirements::Catalogue::load(requirementsDirectory(root));
    for (const auto &file : sources.requirements) {
        if (const auto added = catalogue ? catalogue->addFile(file) : tl::expected<void, std::string>{}; !added)
            return tl::make_unexpected(added.error());
    }
    if (!catalogue)
        return tl::make_unexpected(catalogue.error());
    Library library;
    library.root = root;
    library.catalogue = std::move(*catalogue);
    const std::string directory = catalogDirectory(root);
    std::vector<std::string> files;
    for (const auto &argument : arguments) {
        if (isFile(argument))
            files.push_back(argument);
        else
            patterns.push_back(argument);
    }
    const bool wantsCatalogue = files.empty() || !patterns.empty();
    if (wantsCatalogue) {
        for (const auto &path : script::scenarioFiles(directory))
            add(library, path, script::scenarioId(path, directory));
    }
    for (const auto &path : files) {
        add(library, path, script::scenarioId(path, directory));
        if (wantsCatalogue && !library.entries.empty())
            patterns.push_back(library.entries.back()->script.id);
    }
    return library;
}

report::Context contextOf(const Library &library)
{
    report::Context context;
    context.catalogue = &library.catalogue;
    for (const auto &entry : library.entries)
        context.scenarios[entry->script.id] = {entry->script.scenario.title(), entry->script.file};
    return context;
}

bool cites(const script::Variant &variant, const std::string &statement)
{
    return citesAny(variant.steps, [&](const auto &cite) { return !cite.fallback && cite.statement == statement; });
}

std::vector<const script::Variant *> select(const Library &library, const Selection &selection, std::vector<std::string> *unmatched)
{
    std::vector<const script::Variant *> found;
    std::set<std::string> matched;
    for (const auto &entry : library.entries) {
        for (const auto &variant : entry->variants) {
            bool isWanted = selection.patterns.empty();
            for (const auto &pattern : selection.patterns) {
                if (!matches(pattern, variant))
                    continue;
                isWanted = true;
                matched.insert(pattern);
            }
            isWanted = isWanted && (selection.role == v1::ROLE_UNSPECIFIED || selection.role == variant.role) &&
                       (selection.version == v1::VERSION_UNSPECIFIED || selection.version == variant.version) &&
                       (selection.statement.empty() || cites(variant, selection.statement));
            if (isWanted)
                found.push_back(&variant);
        }
    }
    for (const auto &pattern : selection.patterns) {
        if (unmatched && !matched.count(pattern))
            unmatched->push_back(pattern);
    }
    return found;
}

} // namespace hiatus::suite
