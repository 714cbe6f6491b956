#pragma once
// Cases that are not worth their room in the page before somebody asks for them: packed, and opened by its script.

#include <string>
#include <vector>

namespace hiatus::report::html {

/// A case in parts, each of a kind: pieces of markup, which follow each other in the page, and the parts of its trace.
using CaseParts = std::vector<std::string>;

/// The JSON of a report with one result, its events column by column: what is left, the short columns, packets, bytes, texts. Five
/// empty parts for an empty text.
CaseParts traceParts(const std::string &json);

/// A `<script>` that only holds data: a JSON list of the first parts of all cases, then their second ones…, deflated and in
/// base64. All cases have the same number of parts.
std::string packOf(const std::vector<CaseParts> &cases);

} // namespace hiatus::report::html
