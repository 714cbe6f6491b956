#include "scenarios/report/texts.h"

#include "proto/wire/text.h"
#include "scenarios/report/names.h"

namespace hiatus::report {

void fillTexts(v1::Result &result, v1::Version version)
{
    for (auto &event : *result.mutable_trace()->mutable_event()) {
        if (event.has_packet() && event.text().empty())
            event.set_text(wire::text(event.packet(), versionOf(event, version)));
    }
}

} // namespace hiatus::report
