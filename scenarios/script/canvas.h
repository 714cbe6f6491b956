#pragma once
// Draws rungs: bars for lanes and target, arrows between them, remarks at the right.

#include "scenarios/script/rungs.h"

#include <string>
#include <vector>

namespace hiatus::script {

class Canvas
{
public:
    Canvas(std::vector<std::string> lanes, const std::string &target);

    /// `line`: of the file, 0 for none. `remarks` stand at the right, below each other.
    void draw(const Rung &rung, int line, int depth, const std::vector<std::string> &remarks);
    /// A line of words across the ladder.
    void banner(const std::string &text, int line, int depth, const std::vector<std::string> &remarks = {});

    const std::string &text() const { return m_text; }

private:
    std::string bars() const;
    void put(std::string line, int number, const std::vector<std::string> &remarks);
    std::size_t column(const std::string &lane) const;
    void arrow(std::string &line, std::size_t from, const std::string &text, Rung::Kind kind) const;

    std::vector<std::string> m_lanes;
    std::size_t m_target = 0; ///< column of its bar
    std::string m_text;
};

/// Words in lines of at most `width`; a longer word stands alone.
std::vector<std::string> wrapped(const std::string &text, std::size_t width);

} // namespace hiatus::script
