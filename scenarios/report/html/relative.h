#pragma once
// Positions told from the one before: rows of a ladder that are alike are then the same text, which packs better.

#include <string>
#include <string_view>

namespace hiatus::report::html {

/// An SVG path of M, H, V and relative commands with all of it relative: it draws the same.
std::string relativePath(std::string_view path);

/// Markup in which every `y` of a `<text>` is told from the one before; page.js turns it back.
std::string relativeRows(std::string_view markup);

} // namespace hiatus::report::html
