// Another user with the same client id.

#include "minibroker/deviation/meddler.h"
#include "minibroker/deviation/rows.h"
#include "minibroker/liberty/accounts.h"

namespace hiatus::broker {

namespace {

/// Refuses the user, but only after it has cleaned up for it.
class CleansBeforeRefusal final : public AccountBound
{
public:
    using AccountBound::AccountBound;

protected:
    Actions refused(const v1::Connect &connect, Time now) override
    {
        constexpr LinkId own = ~LinkId(0); // nobody's
        v1::Packet clean;
        *clean.mutable_connect() = connect;
        clean.mutable_connect()->set_clean(true);
        clean.mutable_connect()->clear_session_expiry_interval();
        Actions all = inner().opened(own, now);
        for (auto &action : inner().received(own, clean, now))
            all.push_back(std::move(action));
        for (auto &action : inner().closed(own, now))
            all.push_back(std::move(action));
        std::erase_if(all, [](const Action &action) { return std::visit([](const auto &one) { return one.link; }, action) == own; });
        return all;
    }
};

} // namespace

Rows accountDeviations()
{
    return {
        {.name = "refused-user-cleans",
         .sentence = "A user that is refused another's client id has ended its session by then.",
         .breaks = {v3("D311-1"), v5("D5-1")},
         .also = {"the holder is displaced"},
         .seen = "field scenario B48",
         .apply = decorated<CleansBeforeRefusal>()},
    };
}

} // namespace hiatus::broker
