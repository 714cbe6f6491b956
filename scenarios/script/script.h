#pragma once
// A scenario file, read: the message, and where each of its fields stands. What can be wrong with a file is a Problem.

#include "scenarios/script/positions.h"

#include "hiatus/v1/scenario.pb.h"

#include <tl/expected.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hiatus::script {

/// An error in a file.
struct Problem
{
    Location at;
    std::string message;

    std::string text() const; ///< "file:line:column: error: message"; without a line where there is none
};

using Problems = std::vector<Problem>;

/// A fragment file, read.
struct FragmentFile
{
    v1::Fragment fragment;
    Positions positions;
};

/// A scenario file, read. Every field is as written; nothing is checked yet beyond the grammar: see lint.h.
struct Script
{
    std::string id; ///< "topic/slug"
    std::string file;
    v1::Scenario scenario;
    Positions positions;
    std::map<std::string, FragmentFile> fragments; ///< by name: those that `use` names, and those that they use
};

/// The text of a fragment and its file name; nothing if there is none of that name.
struct FragmentText
{
    std::string file;
    std::string text;
};
using FragmentLookup = std::function<std::optional<FragmentText>(const std::string &name)>;

/// Reads the scenario file at `path`. Fragments are looked for as FRAGMENTS/NAME.txtpb. All errors are told, each with
/// its place; a file that can't be read is one of them. Never throws, whatever the file holds.
tl::expected<Script, Problems> loadScenario(const std::string &path, const std::string &id, const std::string &fragments);

/// The same for a text at hand; `file` is only named in places.
tl::expected<Script, Problems> parseScenario(std::string_view text, const std::string &file, const std::string &id,
                                             const FragmentLookup &fragments);

/// The id of a scenario file: its path under the catalogue root without extension, "parentdir/stem" elsewhere.
std::string scenarioId(const std::string &path, const std::string &catalogue);

/// All .txtpb files under a directory, sorted.
std::vector<std::string> scenarioFiles(const std::string &directory);

} // namespace hiatus::script
