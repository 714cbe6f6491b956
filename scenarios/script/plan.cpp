#include "scenarios/script/plan.h"

namespace hiatus::script {

std::string Location::text() const
{
    return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

const std::string *Variant::axis(const std::string &name) const
{
    for (const auto &[key, value] : axes) {
        if (key == name)
            return &value;
    }
    return nullptr;
}

v1::Version Variant::versionOf(const std::string &lane) const
{
    for (const v1::Lane &each : lanes) {
        if (each.name() == lane && each.other_version())
            return version == v1::V3 ? v1::V5 : v1::V3;
    }
    return version;
}

} // namespace hiatus::script
