#pragma once
// Where every field of a parsed file stands: "step[3].open.cite[0].v5" -> file:line:column.

#include "scenarios/script/plan.h"

#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include <map>
#include <string>
#include <utility>

namespace hiatus::script {

/// "path[index]".
std::string element(const std::string &path, int index);

class Positions
{
public:
    Positions() = default;
    explicit Positions(std::string file) : m_file(std::move(file)) {}

    const std::string &file() const { return m_file; }

    /// Where the field stands; for a path that was not written, where the nearest enclosing field does.
    Location find(std::string path) const;

    /// Takes over the places of all fields of `message`, which was parsed from a text that begins `lines` lines into
    /// the file; its top-level repeated fields are the `base`-th and following of their kind.
    void record(const google::protobuf::Message &message, const google::protobuf::TextFormat::ParseInfoTree &tree,
                int lines, const std::map<std::string, int> &base);

private:
    struct Walk;

    std::string m_file;
    std::map<std::string, std::pair<int, int>> m_places; // line and column, from 1
};

} // namespace hiatus::script
