#pragma once
// The liberties by conversation.

#include "client/engine/alteration.h"

#include <vector>

namespace hiatus::client::liberty {

std::vector<Alteration> ofConnecting();
std::vector<Alteration> ofMessages();

} // namespace hiatus::client::liberty
