#pragma once
// Profiles as people write them, and what is chosen for one run of them.

#include "hiatus/v1/target.pb.h"

#include <tl/expected.hpp>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace hiatus::lifecycle {

/// What `{name}` stands for; nothing: the brace stands for itself.
using Choose = std::function<std::optional<std::string>(const std::string &name)>;

/// A profile with everything filled in.
struct Profile
{
    v1::Target target;
    std::set<std::string> secrets; ///< never to be printed

    bool hasLifeCycle() const { return target.has_start(); }
};

/// Reads a profile, and fills in the environment and what was chosen. Error: "file:line:column: error: …" for what does not
/// parse or makes no sense: no url, a variable that is not set, a regular expression that is none, a durability without a
/// life cycle …
tl::expected<Profile, std::string> loadProfile(const std::string &path, const Choose &choose);
/// The same for a URL: `${NAME}` in it is the environment too.
tl::expected<Profile, std::string> profileOfUrl(const std::string &url);

/// Text with all secrets blotted out.
std::string withoutSecrets(std::string text, const std::set<std::string> &secrets);

} // namespace hiatus::lifecycle
