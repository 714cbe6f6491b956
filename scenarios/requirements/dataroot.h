#pragma once
// Where the files are that the programs need: catalogue, fragments, statements. Found without an environment variable.

#include <string>
#include <string_view>

namespace hiatus {

/// The folder that holds `scenarios/`: `<folder of the executable>/../share/hiatus` if that exists (an installed
/// program), else the source tree the program was built from. `executablePath` may be a symbolic link.
std::string dataRoot(std::string_view executablePath);

std::string catalogDirectory(const std::string &root);      ///< <root>/scenarios/catalog
std::string fragmentsDirectory(const std::string &root);    ///< <root>/scenarios/fragments
std::string requirementsDirectory(const std::string &root); ///< <root>/scenarios/requirements
std::string targetsDirectory(const std::string &root);      ///< <root>/scenarios/targets
std::string ledgerFile(const std::string &root);            ///< <root>/scenarios/ledger/asserted.txtpb

} // namespace hiatus
