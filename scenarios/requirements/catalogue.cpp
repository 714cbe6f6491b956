#include "scenarios/requirements/catalogue.h"

#include "scenarios/requirements/sectionorder.h"
#include "scenarios/requirements/textfile.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace hiatus::requirements {

namespace fs = std::filesystem;

namespace {

using Places = google::protobuf::TextFormat::ParseInfoTree;

/// What is wrong with a row by itself; empty: nothing.
std::string flaw(const v1::Requirement &row)
{
    if (row.id().empty())
        return "a requirement needs an id";
    if (row.version() == v1::VERSION_UNSPECIFIED)
        return row.id() + " needs a version";
    if (row.role_size() == 0)
        return row.id() + " needs a role";
    if (row.level().empty())
        return row.id() + " needs a level";
    if (row.severity() == v1::SEVERITY_UNSPECIFIED)
        return row.id() + " needs a severity";
    return row.text().empty() ? row.id() + " needs a text" : std::string();
}

bool sameKey(const v1::Requirement &a, const v1::Requirement &b)
{
    if (a.version() != b.version() || a.id() != b.id())
        return false;
    return std::any_of(a.role().begin(), a.role().end(),
                       [&b](int role) { return isAbout(b, static_cast<v1::Role>(role)); });
}

} // namespace

tl::expected<Catalogue, std::string> Catalogue::load(const std::string &directory)
{
    std::error_code error;
    std::vector<std::string> files;
    for (const auto &entry : fs::directory_iterator(directory, error)) {
        if (entry.path().extension() == ".txtpb")
            files.push_back(entry.path().string());
    }
    if (files.empty())
        return tl::unexpected(directory + ": error: no statement catalogue (*.txtpb) here");
    std::sort(files.begin(), files.end());

    Catalogue catalogue;
    for (const std::string &file : files) {
        const auto text = readFile(file);
        if (!text)
            return tl::unexpected(text.error());
        if (const auto added = catalogue.add(file, *text); !added)
            return tl::unexpected(added.error());
    }
    catalogue.sort();
    return catalogue;
}

tl::expected<void, std::string> Catalogue::addFile(const std::string &path)
{
    const auto text = readFile(path);
    if (!text)
        return tl::unexpected(text.error());
    Catalogue together = *this;
    if (auto added = together.add(path, *text); !added)
        return added;
    together.sort();
    *this = std::move(together);
    return {};
}

tl::expected<Catalogue, std::string> Catalogue::parse(const std::string &path, const std::string &text)
{
    Catalogue catalogue;
    if (const auto added = catalogue.add(path, text); !added)
        return tl::unexpected(added.error());
    catalogue.sort();
    return catalogue;
}

tl::expected<void, std::string> Catalogue::add(const std::string &path, const std::string &text)
{
    v1::RequirementCatalog file;
    Places places;
    if (auto parsed = parseText(path, text, file, &places); !parsed)
        return parsed;
    const auto *field = file.GetDescriptor()->FindFieldByNumber(v1::RequirementCatalog::kRequirementFieldNumber);
    for (int i = 0; i < file.requirement_size(); ++i) {
        const v1::Requirement &row = file.requirement(i);
        std::string wrong = flaw(row);
        if (wrong.empty() && std::any_of(m_rows.begin(), m_rows.end(),
                                         [&row](const v1::Requirement &known) { return sameKey(known, row); }))
            wrong = row.id() + " is already there for this version and role";
        if (!wrong.empty())
            return tl::unexpected(placeOf(path, places, field, i) + ": error: " + wrong);
        m_rows.push_back(row);
    }
    return {};
}

void Catalogue::sort()
{
    std::stable_sort(m_rows.begin(), m_rows.end(), [](const v1::Requirement &a, const v1::Requirement &b) {
        if (a.version() != b.version())
            return a.version() < b.version();
        return a.id() != b.id() ? standsBefore(a.id(), b.id()) : a.role(0) < b.role(0);
    });
}

const v1::Requirement *Catalogue::find(v1::Version version, std::string_view id, v1::Role role) const
{
    const bool anyRole = role != v1::SERVER && role != v1::CLIENT;
    const auto row = std::find_if(m_rows.begin(), m_rows.end(), [&](const v1::Requirement &candidate) {
        return candidate.version() == version && candidate.id() == id && (anyRole || isAbout(candidate, role));
    });
    return row == m_rows.end() ? nullptr : &*row;
}

std::vector<const v1::Requirement *> Catalogue::named(std::string_view id) const
{
    std::vector<const v1::Requirement *> rows;
    for (const v1::Requirement &row : m_rows) {
        if (row.id() == id)
            rows.push_back(&row);
    }
    return rows;
}

v1::Severity Catalogue::severity(v1::Version version, std::string_view id, v1::Role role) const
{
    const v1::Requirement *row = find(version, id, role);
    return row ? row->severity() : v1::SEVERITY_FAIL;
}

bool isAbout(const v1::Requirement &row, v1::Role role)
{
    return std::find(row.role().begin(), row.role().end(), role) != row.role().end();
}

std::string versionName(v1::Version version)
{
    if (version == v1::V3)
        return "3.1.1";
    return version == v1::V5 ? "5.0" : "?";
}

std::string roleName(v1::Role role)
{
    switch (role) {
    case v1::SERVER:
        return "server";
    case v1::CLIENT:
        return "client";
    case v1::PAIR:
        return "pair";
    default:
        return "any";
    }
}

} // namespace hiatus::requirements
