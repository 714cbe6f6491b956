#pragma once
// The deviations by conversation.

#include "client/engine/alteration.h"
#include "client/engine/filter.h"

#include <initializer_list>
#include <vector>

namespace hiatus::client::deviation {

std::vector<Alteration> ofSessionLoss();
std::vector<Alteration> ofReplay();
std::vector<Alteration> ofReplayOrder();
std::vector<Alteration> ofWindow();
std::vector<Alteration> ofReceipt();
std::vector<Alteration> ofReconnect();
std::vector<Alteration> ofFidelity();
std::vector<Alteration> ofLimits();
std::vector<Alteration> ofAcknowledging();
std::vector<Alteration> ofKeeping();
std::vector<Alteration> ofEnding();
std::vector<Alteration> ofBytes();
std::vector<Alteration> ofAnswers();
std::vector<Alteration> ofViolations();
std::vector<Alteration> ofLasting();

/// Puts a filter around the whole.
void decorate(Assembly &assembly, FilterRules rules);

/// The same statements of one version.
std::vector<Statement> v3(std::initializer_list<const char *> ids);
std::vector<Statement> v5(std::initializer_list<const char *> ids);
std::vector<Statement> both(std::vector<Statement> first, const std::vector<Statement> &second);

} // namespace hiatus::client::deviation
