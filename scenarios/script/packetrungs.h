#pragma once
// Rungs of the verbs that write or read one packet or one exchange.

#include "scenarios/script/rungs.h"

namespace hiatus::script {

std::vector<Rung> openRungs(const v1::Open &open);
/// `PUBLISH door "open" qos=2 stream=s`.
std::string publishText(const v1::PublishStep &publish);
std::vector<Rung> publishRungs(const v1::PublishStep &publish);
std::vector<Rung> subscribeRungs(const v1::SubscribeStep &subscribe);
Rung expectRung(const v1::Expect &expect, bool take);
std::vector<Rung> sendRungs(const v1::Send &send);
std::vector<Rung> acceptRungs(const v1::Accept &accept);

} // namespace hiatus::script
