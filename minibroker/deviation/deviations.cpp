#include "minibroker/deviation/deviations.h"

#include "minibroker/deviation/rewriter.h"

namespace hiatus::broker {

const std::vector<Alteration> &deviations()
{
    static const auto all = [] {
        Rows rows;
        for (auto *more : {&sessionDeviations, &subscriptionDeviations, &resendDeviations, &windowDeviations,
                           &receiptDeviations, &takeoverDeviations, &willDeviations, &hastyDeviations,
                           &clientIdDeviations, &connectDeviations, &endingDeviations, &lifetimeDeviations, &errorDeviations,
                           &requestDeviations, &answerDeviations, &retainDeviations, &routeDeviations,
                           &propertyDeviations, &willWayDeviations, &willTimeDeviations, &willContentDeviations,
                           &takeoverLossDeviations, &silenceDeviations, &shareDeviations, &handshakeDeviations, &restartDeviations,
                           &wayDeviations, &exchangeDeviations, &flowDeviations, &messageExpiryDeviations,
                           &nodeDeviations, &overflowDeviations, &accountDeviations, &versionDeviations})
            for (auto &row : more())
                rows.push_back(std::move(row));
        return rows;
    }();
    return all;
}

} // namespace hiatus::broker
