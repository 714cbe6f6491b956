#pragma once

#include "hiatus/v1/session.pb.h"

#include <QSqlDatabase>

#include <tl/expected.hpp>

#include <string>

namespace hiatus::broker {

/// The whole store as one value. Error: which row is damaged.
tl::expected<v1::BrokerState, std::string> readStore(const QSqlDatabase &database);

} // namespace hiatus::broker
