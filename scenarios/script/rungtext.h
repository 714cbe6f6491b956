#pragma once
// Messages and checks in a few words, for ladders.

#include "hiatus/v1/scenario.pb.h"

#include <string>

namespace hiatus::script {

/// ASCII; everything else as \xNN.
std::string printable(const std::string &text);

/// `door "open" qos=2 dup=0`: the fields that are set, in the order of the schema.
std::string fieldsText(const google::protobuf::Message &message);

/// Appends words, with a space between if both are there.
void append(std::string &text, const std::string &more);

std::string setsText(const google::protobuf::RepeatedPtrField<v1::Set> &sets);             ///< `keep_alive=<pace>`
std::string withinText(const google::protobuf::RepeatedPtrField<v1::Within> &ranges);      ///< `code<=127`
std::string bindsText(const google::protobuf::RepeatedPtrField<v1::Bind> &binds);          ///< `code->answer`
std::string absentText(const google::protobuf::RepeatedPtrField<std::string> &names);      ///< `no topic_alias`
std::string secondsText(bool isWritten, std::uint32_t seconds, const std::string &of);     ///< `3 s`, `<delay> s`
std::string dueText(const v1::Due &due);                                                   ///< `(due 3 s after end)`

} // namespace hiatus::script
