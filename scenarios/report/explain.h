#pragma once
// `hiatus explain STATEMENT|REASON`.

#include "scenarios/report/names.h"

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace hiatus::report {

using Ledger = google::protobuf::RepeatedPtrField<v1::LedgerEntry>;

/// `what` is a statement ("MQTT-4.4.0-1#b"; without its clause: all of them; also as printed, "[5.0 MQTT-4.4.0-1#b]",
/// which leaves out the other version), or a reason code. Statements come with paraphrase, level, severity and the
/// scenarios that assert them, by `ledger`. Error: a sentence that names what is near.
tl::expected<std::string, std::string> explained(std::string_view what, const Context &context, const Ledger &ledger);

/// What `hiatus list statements` says of one row, and of what becomes of it: a line, and one for who asserts it or why
/// nobody does.
std::string statementLine(const v1::Requirement &row, const v1::LedgerEntry &entry);

std::string ledgerStateName(v1::LedgerEntry::State state); ///< "asserted", "reasoned", "freedom", "open"

} // namespace hiatus::report
