#pragma once
// What clients live through with a broker, as transcripts: whoever deviates shows in at least one of them.

#include "stage.h"

#include <string>
#include <vector>

namespace hiatus::broker {

struct Story
{
    const char *name = nullptr;
    QStringList (*tell)(Stage &stage) = nullptr;
};

/// Each wants a stage of its own.
const std::vector<Story> &stories();

} // namespace hiatus::broker
