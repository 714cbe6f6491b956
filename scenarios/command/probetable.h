#pragma once
// What `hiatus probe` says of a target, as a table for people and as a profile to go on from.

#include "scenarios/command/portrait.h"

#include <string>

namespace hiatus::command {

/// Versions, capabilities and how they are known, facts, what would be skipped for what, and where the profile errs.
std::string tableOf(const Portrait &portrait, const suite::Library &library);

struct ProfileHead
{
    std::string name;
    std::string url; ///< without a password
};

/// A profile to begin with, in text format: what was found, and what else a profile may say. Without a portrait: nobody was asked.
std::string profileText(const ProfileHead &head, const Portrait *portrait);

} // namespace hiatus::command
