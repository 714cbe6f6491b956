#pragma once
// Fields by path ("will.delay_interval"), for `set`, `bind`, `within` and `absent`.

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace hiatus::script {

/// The field a path names in messages of this type; null if there is none.
const google::protobuf::FieldDescriptor *fieldAt(const google::protobuf::Descriptor &type, std::string_view path);

/// Whether the field, or one it lies in, is marked as of 5.0 only.
bool isVersion5Only(const google::protobuf::Descriptor &type, std::string_view path);

/// Sets a scalar field, by path, from text; "-" leaves it unset. A repeated scalar becomes this one value.
/// Error: a sentence.
tl::expected<void, std::string> assign(google::protobuf::Message &message, std::string_view path, const std::string &value);

} // namespace hiatus::script
