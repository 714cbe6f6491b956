#pragma once
// The deviations by conversation.

#include "client/engine/alteration.h"

#include <initializer_list>
#include <vector>

namespace hiatus::client::deviation {

std::vector<Alteration> ofSessionLoss();
std::vector<Alteration> ofReplay();
std::vector<Alteration> ofReplayOrder();
std::vector<Alteration> ofWindow();
std::vector<Alteration> ofReceipt();
std::vector<Alteration> ofReconnect();

/// The same statements of one version.
std::vector<Statement> v3(std::initializer_list<const char *> ids);
std::vector<Statement> v5(std::initializer_list<const char *> ids);
std::vector<Statement> both(std::vector<Statement> first, const std::vector<Statement> &second);

} // namespace hiatus::client::deviation
