#pragma once
// What was accused in company is run again alone before anybody is told: brokers couple clients, and so does a busy machine.
// Pure: results in, variants to be run again out.

#include "hiatus/v1/report.pb.h"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hiatus::suite {

/// Lateness has no bound in the standard, and in company it may be the company's: brokers are known whose timers hold
/// each other up.
bool isLateOnly(const v1::Result &result);

class Doubts
{
public:
    /// `confirm`: how often at most a variant is run again. `isExpected`: it has been looked at, and is not run again.
    Doubts(unsigned confirm, std::function<bool(const v1::Result &)> isExpected);

    /// The first result of the variant at `place`. True: it has to be seen again, and is kept here until it is settled.
    /// `wasTargetDumb`: for a while the target answered nobody, so that silence alone, or an end of the connection, accuses it of nothing.
    bool takes(std::size_t place, v1::Result &result, bool wasTargetDumb = false);
    /// Which one is to be run alone now. Of one scenario a few stand for all: the others come only where these were cleared.
    std::optional<std::size_t> next();
    /// Is there nothing left to run, and nothing under way?
    bool isSettled() const { return m_due.empty() && m_doubts.empty() && m_held.empty(); }

    struct Settled
    {
        std::size_t place = 0;
        v1::Result result;
    };
    /// What came alone of one that next() named. What is to be reported, of others of its scenario too; nothing as long as it
    /// has to be run once more.
    std::vector<Settled> settle(std::size_t place, v1::Result alone);
    /// What is still here, as it was seen first: the run has ended early.
    std::vector<Settled> giveUp();

private:
    struct Doubt
    {
        v1::Result company;
        bool wasTargetDumb = false;
        unsigned runs = 0;
    };
    /// A few of one scenario, and those that wait for what becomes of them.
    struct Kind
    {
        std::set<std::size_t> standIns;
        std::vector<std::size_t> others;
        std::size_t named = 0;
        bool isCleared = false; ///< one of them at least did not recur
    };

    std::vector<Settled> standInsAreDone(Kind &kind);

    unsigned m_confirm;
    std::function<bool(const v1::Result &)> m_isExpected;
    std::deque<std::size_t> m_due;
    std::map<std::size_t, Doubt> m_doubts; ///< due or being run
    std::map<std::size_t, Doubt> m_held;
    std::map<std::string, Kind> m_kinds;
};

} // namespace hiatus::suite
