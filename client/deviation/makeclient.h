#pragma once
// A client with named deviations and liberties.

#include "client/engine/alteration.h"

#include <memory>
#include <string>
#include <vector>

namespace hiatus::client {

/// The deviation or liberty of that name; nullptr if there is none.
const Alteration *findAlteration(const std::string &name);

/// A clean client for no names; nullptr if one of them is unknown.
std::unique_ptr<Client> makeClient(const ClientOptions &options, const std::vector<std::string> &names = {});

} // namespace hiatus::client
