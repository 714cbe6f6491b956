#pragma once
// Whom a session belongs to: an owner's policy, of which the standard says nothing.

#include "minibroker/engine/decorator.h"

#include <map>
#include <set>
#include <string>

namespace hiatus::broker {

/// A client id belongs to the user that first connected with it; others are refused, and the engine never hears of them.
class AccountBound : public Decorator
{
public:
    using Decorator::Decorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override;
    Actions closed(LinkId link, Time now) override;

protected:
    /// What else becomes of a CONNECT that is refused.
    virtual Actions refused(const v1::Connect &, Time) { return {}; }

private:
    std::map<std::string, std::string> m_owners; ///< client id -> user
    std::set<LinkId> m_gone;
};

} // namespace hiatus::broker
