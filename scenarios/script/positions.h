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

    /// Where a text begins in the file: how many lines, and columns of the line, are before it.
    struct Begin
    {
        int lines = 0;
        int columns = 0;

        /// The place in the file of a place in the text; both of the text's count from 0.
        std::pair<int, int> place(int line, int column) const;
    };

    /// Takes over the places of all fields of `message`, which was parsed from a text that begins there; its top-level
    /// repeated fields are the `base`-th and following of their kind.
    void record(const google::protobuf::Message &message, const google::protobuf::TextFormat::ParseInfoTree &tree,
                const Begin &begin, const std::map<std::string, int> &base);

private:
    struct Walk;

    std::string m_file;
    std::map<std::string, std::pair<int, int>> m_places; // line and column, from 1
};

} // namespace hiatus::script
