#pragma once
// The ledger: which statements the suite asserts, by which scenarios, and why it does not assert the others.

#include "hiatus/v1/report.pb.h"
#include "scenarios/suite/library.h"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace hiatus::suite {

struct MutantReport;

/// One entry per statement and role, in the order of the catalogue: asserted as `scenarios/ledger/asserted.txtpb` says
/// (by scenarios that are still there), else with its reason, else a freedom, else OPEN.
std::vector<v1::LedgerEntry> ledger(const Library &library);

/// The same from what a run of all mutants has just proved.
std::vector<v1::LedgerEntry> ledgerOf(const Library &library, const MutantReport &report);

/// Has it a role that the ledger counts for, and does somebody owe something by it?
bool isOpen(const v1::LedgerEntry &entry);

/// "5.0 MQTT-4.4.0-1#a server", of every statement that the file says is asserted and `proved` does not: the ledger has
/// shrunk.
std::vector<std::string> shrunk(const Library &library, const std::vector<v1::LedgerEntry> &proved);

/// "server 3.1.1: 95 asserted, 4 with a reason, 12 open", a line per role and version.
std::string ledgerCounts(const std::vector<v1::LedgerEntry> &ledger);

/// The text of `asserted.txtpb`: the asserted entries alone.
std::string ledgerText(const std::vector<v1::LedgerEntry> &ledger);

} // namespace hiatus::suite
