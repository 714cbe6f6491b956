#pragma once
// Protobuf text files that people write: read whole, or refused with the place of the first error.

#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>
#include <tl/expected.hpp>

#include <string>

namespace hiatus {

/// The content of a file. Error: a sentence with the path.
tl::expected<std::string, std::string> readFile(const std::string &path);

/// Parses `text` into `message`; `path` only names it. `places`, if given, learns where every field stands.
/// Error: "path:line:column: error: …", line and column from 1.
tl::expected<void, std::string> parseText(const std::string &path, const std::string &text,
                                          google::protobuf::Message &message,
                                          google::protobuf::TextFormat::ParseInfoTree *places = nullptr);

/// "path:line:column" of element `index` of the repeated field `field` of the root message.
std::string placeOf(const std::string &path, const google::protobuf::TextFormat::ParseInfoTree &places,
                    const google::protobuf::FieldDescriptor *field, int index);

} // namespace hiatus
