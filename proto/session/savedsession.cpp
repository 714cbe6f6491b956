#include "proto/session/savedsession.h"

#include "proto/session/base64url.h"
#include "proto/session/checks.h"

#include <fmt/format.h>

#include <array>

namespace hiatus {

namespace {

constexpr std::string_view Family = "hiatus";
constexpr std::string_view Prefix = "hiatus1:";
constexpr std::uint32_t Format = 1;

using Read = tl::expected<v1::ClientSession, SaveProblem>;

tl::unexpected<SaveProblem> problem(SaveError error, std::string text)
{
    return tl::unexpected(SaveProblem{error, std::move(text)});
}

constexpr std::array<std::uint32_t, 256> crcTable()
{
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value & 1) != 0 ? 0xEDB88320u ^ (value >> 1) : value >> 1;
        table[i] = value;
    }
    return table;
}

/// "hiatus2:…" is ours, of a later day.
bool isLaterFormat(std::string_view saved)
{
    if (saved.substr(0, Family.size()) != Family)
        return false;
    const std::string_view rest = saved.substr(Family.size());
    const std::size_t colon = rest.find(':');
    return colon != std::string_view::npos && colon > 0
        && rest.substr(0, colon).find_first_not_of("0123456789") == std::string_view::npos;
}

tl::expected<std::string, SaveProblem> unwrap(std::string_view saved)
{
    if (saved.substr(0, Prefix.size()) != Prefix) {
        return isLaterFormat(saved) ? problem(SaveError::FutureFormat, "the session was saved in a newer format")
                                    : problem(SaveError::NotASession, "this is not a saved session");
    }
    std::optional<std::string> bytes = fromBase64Url(saved.substr(Prefix.size()));
    if (!bytes)
        return problem(SaveError::Damaged, "the saved session is damaged: its text was cut or altered");
    return *std::move(bytes);
}

tl::expected<std::string, SaveProblem> openWrapping(const std::string &bytes)
{
    v1::SavedSession wrapping;
    if (!wrapping.ParseFromString(bytes))
        return problem(SaveError::Damaged, "the saved session is damaged: it can't be read");
    if (wrapping.format() > Format)
        return problem(SaveError::FutureFormat,
                       fmt::format("the session was saved in format {}, this software knows up to {}",
                                   wrapping.format(), Format));
    if (wrapping.format() != Format || !wrapping.has_checksum() || wrapping.checksum() != crc32(wrapping.state()))
        return problem(SaveError::Damaged, "the saved session is damaged: its checksum does not fit");
    return wrapping.state();
}

bool hasExpired(const v1::ClientSession &session, Time now)
{
    if (session.session_expiry_interval() == 0)
        return true;
    if (session.session_expiry_interval() == NeverExpires || !session.has_disconnected_at())
        return false;
    return Time(Milliseconds(session.disconnected_at())) + Seconds(session.session_expiry_interval()) <= now;
}

} // namespace

std::string saveSession(const v1::ClientSession &session)
{
    v1::SavedSession wrapping;
    wrapping.set_format(Format);
    wrapping.set_state(session.SerializeAsString());
    wrapping.set_checksum(crc32(wrapping.state()));
    return std::string(Prefix) + toBase64Url(wrapping.SerializeAsString());
}

Read readSession(std::string_view saved)
{
    const auto bytes = unwrap(saved);
    if (!bytes)
        return tl::unexpected(bytes.error());
    const auto state = openWrapping(*bytes);
    if (!state)
        return tl::unexpected(state.error());
    v1::ClientSession session;
    if (!session.ParseFromString(*state))
        return problem(SaveError::Damaged, "the saved session is damaged: its content can't be read");
    if (const auto checked = checkClientSession(session); !checked)
        return problem(SaveError::Contradictory, "the saved session contradicts itself: " + checked.error());
    return session;
}

Read restoreSession(std::string_view saved, std::string_view clientId, Time now)
{
    Read session = readSession(saved);
    if (!session)
        return session;
    if (!clientId.empty() && session->client_id() != clientId)
        return problem(SaveError::OtherClient,
                       fmt::format("the saved session is that of \"{}\", not of \"{}\"", session->client_id(), clientId));
    if (hasExpired(*session, now))
        return problem(SaveError::Expired, "the saved session has expired");
    return session;
}

std::uint32_t crc32(std::string_view bytes)
{
    static constexpr std::array<std::uint32_t, 256> Table = crcTable();
    std::uint32_t value = 0xFFFFFFFFu;
    for (const char byte : bytes)
        value = Table[(value ^ static_cast<unsigned char>(byte)) & 0xFF] ^ (value >> 8);
    return value ^ 0xFFFFFFFFu;
}

} // namespace hiatus
