#pragma once
// A client's half as a string that survives any store of text: "hiatus1:" and base64url.

#include "hiatus/v1/session.pb.h"
#include "proto/session/values.h"

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace hiatus {

/// Why a saved session is refused.
enum class SaveError {
    NotASession,  ///< empty, or not written by saveSession()
    FutureFormat, ///< written by a newer version of this software
    Damaged,      ///< cut, or altered: text, checksum or content does not fit
    Contradictory, ///< whole, but no state that a client can be in
    OtherClient,  ///< another client id's
    Expired,      ///< its session expiry interval has passed, or it ended with its connection
};

struct SaveProblem
{
    SaveError error = SaveError::Damaged;
    std::string text; ///< one sentence for a person
};

/// The session as a string of letters, digits, '-', '_' and ':'.
std::string saveSession(const v1::ClientSession &session);

/// Undoes saveSession(): all or nothing. Checks form, format, checksum and content, not whose it is.
tl::expected<v1::ClientSession, SaveProblem> readSession(std::string_view saved);

/// readSession(), and refuses another client's or an expired one.
/// - `clientId` empty: any client's.
/// - A session saved while connected has no end of its connection yet: it counts from `now`.
tl::expected<v1::ClientSession, SaveProblem> restoreSession(std::string_view saved, std::string_view clientId, Time now);

/// CRC-32 (IEEE 802.3), as in zip and PNG.
std::uint32_t crc32(std::string_view bytes);

} // namespace hiatus
