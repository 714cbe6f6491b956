#include "stories.h"

#include "storyparts.h"

namespace hiatus::broker {

const std::vector<Story> &stories()
{
    static const std::vector<Story> all{
        {"presence", presence},
        {"expiry", expiry},
        {"clean start", cleanStart},
        {"subscriptions", subscriptions},
        {"resends", resends},
        {"windows", windows},
        {"message expiry", messageExpiry},
        {"receipts", receipts},
        {"takeovers", takeovers},
        {"wills", wills},
        {"restarts", restarts},
        {"limits", limits},
        {"haste", haste},
        {"shares", shares},
        {"accounts", accounts},
        {"versions", versions},
    };
    return all;
}

} // namespace hiatus::broker
