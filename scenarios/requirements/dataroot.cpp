#include "scenarios/requirements/dataroot.h"

#include <filesystem>
#include <system_error>

namespace hiatus {

namespace fs = std::filesystem;

std::string dataRoot(std::string_view executablePath)
{
    std::error_code error;
    const fs::path executable = fs::weakly_canonical(fs::path(executablePath), error);
    if (!error && executable.has_parent_path()) {
        const fs::path installed = (executable.parent_path() / ".." / "share" / "hiatus").lexically_normal();
        if (fs::is_directory(installed, error))
            return installed.string();
    }
    return HIATUS_SOURCE_DIR;
}

std::string catalogDirectory(const std::string &root)
{
    return root + "/scenarios/catalog";
}

std::string fragmentsDirectory(const std::string &root)
{
    return root + "/scenarios/fragments";
}

std::string requirementsDirectory(const std::string &root)
{
    return root + "/scenarios/requirements";
}

std::string targetsDirectory(const std::string &root)
{
    return root + "/scenarios/targets";
}

std::string ledgerFile(const std::string &root)
{
    return root + "/scenarios/ledger/asserted.txtpb";
}

} // namespace hiatus
