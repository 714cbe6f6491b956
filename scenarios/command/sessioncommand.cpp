// hiatus session show: what a saved session holds.

#include "scenarios/command/common.h"

#include "minibroker/store/sqlitestore.h"
#include "proto/session/savedsession.h"
#include "scenarios/requirements/textfile.h"

#include <google/protobuf/text_format.h>

#include <ctime>
#include <iostream>

namespace hiatus::command {

namespace {

constexpr std::string_view SqliteMark{"SQLite format 3\0", 16};

std::string asText(const google::protobuf::Message &message)
{
    google::protobuf::TextFormat::Printer printer;
    printer.SetUseUtf8StringEscaping(true);
    std::string text;
    printer.PrintToString(message, &text);
    return text;
}

std::string instant(std::int64_t milliseconds)
{
    const auto seconds = static_cast<std::time_t>(milliseconds / 1'000);
    char text[32] = "?";
    std::tm parts{};
    if (::gmtime_r(&seconds, &parts))
        std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts);
    return text;
}

void show(const v1::ClientSession &session)
{
    std::cout << "# session of client " << session.client_id() << ": " << session.inflight_size() << " messages sent and not completed, "
              << session.pending_size() << " never sent, " << session.received_size() << " QoS 2 identifiers received";
    if (session.has_disconnected_at())
        std::cout << "; disconnected " << instant(session.disconnected_at());
    std::cout << "\n" << asText(session);
}

/// Error: a sentence.
tl::expected<void, std::string> showStore(const std::string &path)
{
    auto store = broker::SqliteStore::open(path);
    if (!store)
        return tl::make_unexpected(store.error());
    const auto state = (*store)->load();
    if (!state)
        return tl::make_unexpected(state.error());
    std::cout << "# minibroker's store: " << state->session_size() << " sessions\n" << asText(*state);
    return {};
}

tl::expected<void, std::string> showFile(const std::string &path)
{
    const auto content = readFile(path);
    if (!content)
        return tl::make_unexpected(content.error());
    if (content->compare(0, SqliteMark.size(), SqliteMark) == 0)
        return showStore(path);
    std::string saved = *content;
    while (!saved.empty() && (saved.back() == '\n' || saved.back() == '\r' || saved.back() == ' '))
        saved.pop_back();
    const auto session = readSession(saved);
    if (!session)
        return tl::make_unexpected(path + ": " + session.error().text);
    show(*session);
    return {};
}

} // namespace

void addSession(CLI::App &app, Environment &environment)
{
    auto *command = app.add_subcommand("session", "Look into saved sessions");
    command->require_subcommand(1);
    auto *shown = command->add_subcommand("show", "Print a session that a client saved as a string, or a minibroker's store");
    auto path = std::make_shared<std::string>();
    shown->add_option("FILE", *path, "a file with the string of saveSession(), or one of minibroker --store")->required();
    shown->callback([path, &environment] {
        if (const auto done = showFile(*path); !done) {
            std::cerr << "hiatus: " << done.error() << "\n";
            environment.status = report::UsageError;
        }
    });
}

} // namespace hiatus::command
