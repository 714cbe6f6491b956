#pragma once

#include "hiatus/v1/session.pb.h"
#include "minibroker/engine/journal.h"
#include "proto/session/values.h"

#include <tl/expected.hpp>

#include <string>

namespace hiatus::broker {

/// Where a broker's lasting state outlives the process.
class Store
{
public:
    virtual ~Store() = default;

    /// What was committed last, for BrokerEngine::create(). Error: a sentence; then nothing was changed.
    /// - Sessions that were connected when the process ended come with the time of the last commit as the end of their
    ///   connection, so that expiry and will delay count through the downtime.
    virtual tl::expected<v1::BrokerState, std::string> load() = 0;
    /// All of it or nothing; once it has returned, a kill of this process loses none of it.
    virtual tl::expected<void, std::string> commit(const journal::Entries &entries, Time now) = 0;
};

} // namespace hiatus::broker
