#include "scenarios/command/profile.h"
#include "scenarios/command/runoptions.h"

#include "proto/wire/redact.h"
#include "scenarios/report/baseline.h"
#include "scenarios/suite/networkoptions.h"
#include "scenarios/suite/networkrun.h"
#include "scenarios/suite/repeats.h"
#include "scenarios/suite/targethandle.h"

#include <QSocketNotifier>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <iostream>
#include <memory>
#include <optional>

#include <unistd.h>

namespace hiatus::command {

namespace {

/// Variants that wait for Enter; the loop goes on meanwhile, so that their connections stay alive.
class Held
{
public:
    Held() : m_keys(STDIN_FILENO, QSocketNotifier::Read)
    {
        m_keys.setEnabled(false);
        QObject::connect(&m_keys, &QSocketNotifier::activated, [this] { pressed(); });
    }
    void add(const std::string &variant, const std::string &place, const std::function<void()> &release)
    {
        std::cerr << variant << " waits before " << place << "; Enter goes on" << std::endl;
        m_waiting.push_back(release);
        m_keys.setEnabled(true);
    }

private:
    void pressed()
    {
        std::string line;
        const bool isOver = !std::getline(std::cin, line);
        do {
            const auto release = m_waiting.front();
            m_waiting.pop_front();
            QTimer::singleShot(0, release);
        } while (isOver && !m_waiting.empty());
        m_keys.setEnabled(!m_waiting.empty());
    }

    QSocketNotifier m_keys;
    std::deque<std::function<void()>> m_waiting;
};

} // namespace

std::unique_ptr<suite::TargetHandle> openTarget(const std::string &argument)
{
    auto handle = suite::TargetHandle::open(argument);
    if (handle)
        return std::move(*handle);
    std::cerr << (handle.error().find(": error: ") == std::string::npos ? "hiatus: " : "") << wire::redacted(handle.error()) << "\n";
    return nullptr;
}

bool runNetwork(const RunOptions &options, const suite::Library &library, const std::vector<const script::Variant *> &variants,
                const std::atomic<bool> &stop, Ran &ran)
{
    if (!options.deviations.empty() || !options.liberties.empty()) {
        std::cerr << "hiatus: --deviation and --liberty change the in-process broker; start `minibroker --deviation NAME` for the network\n";
        return false;
    }
    suite::NetworkRunOptions run;
    const bool isClient = !options.client.empty();
    if (isClient && !readClientProfile(options.client, run.target))
        return false;
    const auto handle = isClient ? std::make_unique<suite::TargetHandle>() : openTarget(options.target);
    if (!handle)
        return false;
    if (!isClient) {
        run.target = handle->target();
        run.process = handle->process();
        if (run.process)
            run.another = [&options] { return suite::TargetHandle::open(options.target); };
    }
    if (const auto network = isClient ? tl::expected<world::NetworkOptions, std::string>() : suite::networkOptionsOf(run.target); !network) {
        std::cerr << "hiatus: " << network.error() << "\n";
        return false;
    }
    if (run.process) {
        if (const auto prepared = run.process->prepare(); !prepared) {
            std::cerr << "hiatus: " << options.target << ": " << handle->clean(prepared.error()) << "\n";
            ran.isTargetGone = true;
            return false;
        }
    }
    run.seed = options.seed ? options.seed : static_cast<std::uint64_t>(ran.report.started());
    run.isFailFast = options.isFailFast;
    if (!isClient)
        run.overture = suite::overture(library);
    run.stop = &stop;
    run.confirm = options.confirm;
    if (const auto baseline = report::loadBaseline(options.baseline); baseline && !options.isBaselineUpdated)
        run.isExpected = [baseline = *baseline](const v1::Result &result) {
            return std::any_of(baseline.entries.begin(), baseline.entries.end(), [&](const report::BaselineEntry &entry) {
                return report::globMatches(entry.expected.variant(), result.variant()) &&
                       (report::fits(entry, result) || report::spares(entry, result));
            });
        };
    std::optional<Held> held;
    if (!options.wait.empty())
        held.emplace();
    run.debug = [&](const script::Variant &variant, run::RunOptions &debugged) {
        debug(options, variant, debugged);
        if (held)
            debugged.hold = [&held, &variant](const std::string &place, const std::function<void()> &release) { held->add(variant.id, place, release); };
    };
    if (!options.wait.empty())
        run.target.set_jobs(1);
    if (options.jobs)
        run.target.set_jobs(options.jobs);
    if (options.timeScale != 1)
        run.target.set_time_scale(options.timeScale * (run.target.has_time_scale() ? run.target.time_scale() : 1));
    const std::string shown = wire::redacted(isClient ? options.client : options.target);
    suite::Repeats repeats;
    suite::Learnt found;
    const bool isTerminal = isatty(STDERR_FILENO);
    if (isTerminal)
        run.progress = [&](std::size_t done, std::size_t failed, const std::string &slowest) {
            std::cerr << "\r\033[K" << done << " of " << variants.size() << " done, " << failed << " failing; " << slowest.substr(0, 100) << std::flush;
        };
    for (unsigned round = 0; round < std::max(1u, options.repeat) && !stop; ++round) {
        auto end = isClient ? suite::runOnClient(variants, library.catalogue, run) : suite::runOnNetwork(variants, library.catalogue, run);
        if (isTerminal)
            std::cerr << "\r\033[K";
        if (!end) {
            std::cerr << "hiatus: " << shown << ": " << handle->clean(end.error()) << "\n";
            ran.isTargetGone = true;
            return false;
        }
        if (!end->note.empty())
            std::cerr << "hiatus: " << end->note << "\n";
        ran.isTargetGone = ran.isTargetGone || end->isTargetGone;
        found = std::move(end->found);
        for (std::size_t i = 0; i < variants.size(); ++i) {
            if (end->results[i].verdict() == v1::VERDICT_UNSPECIFIED)
                continue;
            prepareResult(options, variants[i]->version, end->results[i]);
            repeats.add(std::move(end->results[i]));
        }
        run.seed += 7;
    }
    repeats.moveInto(ran.report);
    ran.rounds = repeats.rounds();
    if (run.target.has_name())
        ran.report.set_target(run.target.name());
    suite::describe(ran.report, run.target, found);
    for (const auto &sentence : suite::contradictions(run.target, found))
        std::cerr << "hiatus: " << sentence << "\n";
    if (ran.isTargetGone)
        std::cerr << "hiatus: " << shown << " answered at first and is gone now\n";
    return true;
}

} // namespace hiatus::command
