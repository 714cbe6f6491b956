#include "scenarios/command/runoptions.h"

#include <iostream>

namespace hiatus::command {

bool runNetwork(const RunOptions &, const suite::Library &, const std::vector<const script::Variant *> &, v1::Report &,
                const std::atomic<bool> &, bool &)
{
    return false;
}

} // namespace hiatus::command
