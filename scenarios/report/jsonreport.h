#pragma once
// `--report json:FILE`: proto JSON of hiatus.v1.Report, proto field names, times in milliseconds as doubles.

#include "hiatus/v1/report.pb.h"

#include <tl/expected.hpp>

#include <string>

namespace hiatus::report {

/// Every packet has its one-line `text`. Always valid JSON: text that is not UTF-8 is repaired, numbers that JSON
/// cannot say (NaN, infinity) are left out.
enum class JsonLayout { Indented, Compact };
std::string toJson(const v1::Report &report, JsonLayout layout = JsonLayout::Indented);

/// Error: a sentence that begins with `name`.
tl::expected<v1::Report, std::string> fromJson(const std::string &json, const std::string &name);

/// Replaces the file as a whole or leaves it as it was. Error: a sentence with the path.
tl::expected<void, std::string> writeReport(const v1::Report &report, const std::string &path);
tl::expected<v1::Report, std::string> readReport(const std::string &path);

/// Writes any text so: whole or not at all.
tl::expected<void, std::string> writeWhole(const std::string &path, const std::string &content);

} // namespace hiatus::report
