#include "client/liberty/liberties.h"

#include "client/liberty/rows.h"

#include <utility>

namespace hiatus::client {

const std::vector<Alteration> &liberties()
{
    static const std::vector<Alteration> All = [] {
        std::vector<Alteration> all = liberty::ofConnecting();
        for (Alteration &row : liberty::ofMessages())
            all.push_back(std::move(row));
        return all;
    }();
    return All;
}

} // namespace hiatus::client
