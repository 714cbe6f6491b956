#pragma once
// The target of a run as the command line names it: a URL or a profile. With a life cycle it is a process of ours.

#include "scenarios/lifecycle/profile.h"
#include "scenarios/lifecycle/targetprocess.h"

#include <tl/expected.hpp>

#include <memory>
#include <string>

namespace hiatus::suite {

class TargetHandle
{
public:
    /// Chooses ports, directory and credentials. Error: "file:line:column: error: …", or a sentence; nothing was started.
    static tl::expected<std::unique_ptr<TargetHandle>, std::string> open(const std::string &argument);

    const v1::Target &target() const { return m_profile.target; }
    v1::Target &target() { return m_profile.target; }
    /// Nothing if it runs already and is not ours to handle.
    lifecycle::TargetProcess *process() { return m_process.get(); }
    /// Without passwords.
    std::string clean(std::string text) const { return lifecycle::withoutSecrets(std::move(text), m_profile.secrets); }

private:
    lifecycle::Profile m_profile;
    std::unique_ptr<lifecycle::TargetProcess> m_process;
};

} // namespace hiatus::suite
