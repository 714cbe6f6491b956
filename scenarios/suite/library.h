#pragma once
// What there is to run: the catalogue's scenarios and the user's files, as scripts and as variants.

#include "hiatus/v1/report.pb.h"
#include "scenarios/report/names.h"
#include "scenarios/requirements/catalogue.h"
#include "scenarios/script/script.h"

#include <tl/expected.hpp>

#include <memory>
#include <string>
#include <vector>

namespace hiatus::suite {

/// A script, its plan, and what lint says of it.
struct Entry
{
    script::Script script;
    std::vector<script::Variant> variants;
    script::Problems problems;
};

struct Library
{
    std::string root;
    requirements::Catalogue catalogue;
    std::vector<std::unique_ptr<Entry>> entries;
    std::vector<std::string> unreadable; ///< "file:line:column: error: …", of files that do not load
};

/// Which variants to run.
struct Selection
{
    std::vector<std::string> patterns; ///< globs on ids of scenarios or variants; none: all
    v1::Role role = v1::ROLE_UNSPECIFIED;
    v1::Version version = v1::VERSION_UNSPECIFIED;
    std::string statement; ///< only scenarios that cite it
};

/// Where statements and scenarios are.
struct Sources
{
    std::string root;
    std::vector<std::string> requirements; ///< files of statements beside our own
};

/// Reads the statements and the catalogue, and the arguments that are files (they end in ".txtpb" or exist). The other
/// arguments are left in `patterns`. Error: the statements cannot be read.
tl::expected<Library, std::string> loadLibrary(const Sources &sources, const std::vector<std::string> &arguments,
                                               std::vector<std::string> &patterns);

/// In the order of the library. With `unmatched`, the patterns that match nothing.
std::vector<const script::Variant *> select(const Library &library, const Selection &selection,
                                            std::vector<std::string> *unmatched = nullptr);

/// Names, titles and statements for a report.
report::Context contextOf(const Library &library);

/// Does a step of the variant cite the statement, itself?
bool cites(const script::Variant &variant, const std::string &statement);

} // namespace hiatus::suite
