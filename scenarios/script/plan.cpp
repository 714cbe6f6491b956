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

} // namespace hiatus::script
