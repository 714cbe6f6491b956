#pragma once
// The statements that findings are charged to, by (version, id, role). The same number is another sentence in the other
// version, so there is no look-up without one.

#include "hiatus/v1/requirement.pb.h"

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace hiatus::requirements {

/// A value: load it once, share it as const. Pointers handed out live as long as the catalogue they came from.
class Catalogue
{
public:
    /// Reads every `*.txtpb` of a folder. Error: "file:line:column: error: …" of the first row that does not parse, has
    /// no id, version, role, level, severity or text, or repeats a key; or a sentence if there is nothing to read.
    static tl::expected<Catalogue, std::string> load(const std::string &directory);

    /// The same for one file that is in memory already; `path` only names it.
    static tl::expected<Catalogue, std::string> parse(const std::string &path, const std::string &text);

    /// Adds the rows of another file. Error: as load(); nothing is added.
    tl::expected<void, std::string> addFile(const std::string &path);

    /// The row, or null. With SERVER or CLIENT only a row about that side; otherwise (unspecified, PAIR) any, the
    /// server's first.
    const v1::Requirement *find(v1::Version version, std::string_view id, v1::Role role = v1::ROLE_UNSPECIFIED) const;

    /// Every row with this id: both versions, both roles.
    std::vector<const v1::Requirement *> named(std::string_view id) const;

    /// The severity that a broken check yields: the row's, or FAIL for a statement nobody knows (a finding must never
    /// be lost by a spelling mistake).
    v1::Severity severity(v1::Version version, std::string_view id, v1::Role role) const;

    /// By version, then in the order of the standard (sectionorder.h), the server's row before the client's.
    const std::vector<v1::Requirement> &all() const { return m_rows; }

private:
    tl::expected<void, std::string> add(const std::string &path, const std::string &text);
    void sort();

    std::vector<v1::Requirement> m_rows;
};

bool isAbout(const v1::Requirement &row, v1::Role role);

std::string versionName(v1::Version version); ///< "3.1.1", "5.0"
std::string roleName(v1::Role role);          ///< "server", "client", "pair"

} // namespace hiatus::requirements
