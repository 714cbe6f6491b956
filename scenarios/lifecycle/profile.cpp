#include "scenarios/lifecycle/profile.h"

#include "scenarios/requirements/textfile.h"

#include <cstdlib>
#include <regex>

namespace hiatus::lifecycle {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Places = google::protobuf::TextFormat::ParseInfoTree;

/// Fills in `{name}` and `${NAME}` in every string of a message.
class Filling
{
public:
    Filling(std::string path, const Choose &choose) : m_path(std::move(path)), m_choose(choose) {}

    /// The first problem, "file:line:column: error: …"; empty if there is none.
    std::string fill(Message &message, const Places *places)
    {
        const auto *type = message.GetDescriptor();
        for (int i = 0; i < type->field_count() && m_problem.empty(); ++i)
            fill(message, *type->field(i), places);
        return m_problem;
    }
    std::string replaced(const std::string &text, const std::string &place);
    const std::string &problem() const { return m_problem; }

private:
    void fill(Message &message, const FieldDescriptor &field, const Places *places);
    std::string fromEnvironment(const std::string &inside, const std::string &place);
    std::string placeIn(const Places *places, const FieldDescriptor &field, int index) const
    {
        return places ? placeOf(m_path, *places, &field, index) : m_path;
    }

    std::string m_path;
    const Choose &m_choose;
    std::string m_problem;
};

void Filling::fill(Message &message, const FieldDescriptor &field, const Places *places)
{
    const auto *reflection = message.GetReflection();
    const bool isText = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
    const bool isMessage = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    const int count = field.is_repeated() ? reflection->FieldSize(message, &field) : (reflection->HasField(message, &field) ? 1 : 0);
    for (int i = 0; i < count && m_problem.empty(); ++i) {
        if (isMessage) {
            Message *inner = field.is_repeated() ? reflection->MutableRepeatedMessage(&message, &field, i)
                                                 : reflection->MutableMessage(&message, &field);
            fill(*inner, places ? places->GetTreeForNested(&field, field.is_repeated() ? i : -1) : nullptr);
        } else if (isText && field.is_repeated()) {
            reflection->SetRepeatedString(&message, &field, i, replaced(reflection->GetRepeatedString(message, &field, i), placeIn(places, field, i)));
        } else if (isText) {
            reflection->SetString(&message, &field, replaced(reflection->GetString(message, &field), placeIn(places, field, -1)));
        }
    }
}

std::string Filling::replaced(const std::string &text, const std::string &place)
{
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const bool isVariable = text.compare(at, 2, "${") == 0;
        const std::size_t open = at + (isVariable ? 1 : 0);
        const std::size_t end = text[open] == '{' ? text.find('}', open) : std::string::npos;
        if (end == std::string::npos) {
            result += text[at++];
            continue;
        }
        const std::string inside = text.substr(open + 1, end - open - 1);
        const auto chosen = isVariable ? std::optional(fromEnvironment(inside, place)) : m_choose(inside);
        result += chosen ? *chosen : text.substr(at, 1);
        at = chosen ? end + 1 : at + 1;
    }
    return result;
}

std::string Filling::fromEnvironment(const std::string &inside, const std::string &place)
{
    const std::size_t otherwise = inside.find(":-");
    const std::string name = inside.substr(0, otherwise);
    if (const char *value = std::getenv(name.c_str()); value && *value)
        return value;
    if (otherwise != std::string::npos)
        return inside.substr(otherwise + 2);
    if (m_problem.empty())
        m_problem = place + ": error: the environment variable " + name + " is not set";
    return {};
}

/// The places of a profile that make no sense, the first of them.
class Sense
{
public:
    Sense(const std::string &path, const Places &places, const v1::Target &target) : m_path(path), m_places(places), m_target(target) {}

    std::string problem()
    {
        if (m_target.url().empty() && !m_target.has_client()) // a client under test comes to us
            return m_path + ": error: a profile has to say its url";
        if (m_target.durability() > v1::Target::NONE && !m_target.has_start())
            return at("durability") + "a durability is promised, but no `start` says how to start the target again";
        for (const char *needsStart : {"file", "prepare", "stop", "kill", "instances"}) {
            if (has(needsStart) && !m_target.has_start())
                return at(needsStart) + "without `start` the target is not ours to handle";
        }
        if (const std::string wrong = limitProblem(); !wrong.empty())
            return wrong;
        for (const char *command : {"start", "stop", "kill"}) {
            if (const std::string wrong = commandProblem(command); !wrong.empty())
                return wrong;
        }
        for (const auto &file : m_target.file()) {
            if (file.path().empty() || file.path().front() == '/' || file.path().find("..") != std::string::npos)
                return at("file") + "a file's path is relative to {dir}";
        }
        return {};
    }

private:
    /// Of what it declares, and of how it wants to be used.
    std::string limitProblem() const
    {
        constexpr std::uint32_t longestQueue = 5'000;
        const std::string &root = m_target.topic_root();
        if (m_target.has_overflow() && !m_target.has_queue_limit())
            return at("overflow") + "what overflows? There is no queue_limit";
        if (m_target.has_queue_limit() && (m_target.queue_limit() == 0 || m_target.queue_limit() > longestQueue))
            return at("queue_limit") + "a queue_limit is 1 to " + std::to_string(longestQueue) + "; what is longer never overflows here";
        if (m_target.has_connects_per_second() && m_target.connects_per_second() == 0)
            return at("connects_per_second") + "no connection at all would ever be opened";
        if (m_target.has_topic_root() && (root.empty() || root.front() == '$' || root.front() == '/' || root.back() == '/' || root.find_first_of("+#") != std::string::npos))
            return at("topic_root") + "a topic_root is the beginning of a topic, without $ or / before it, / after it, or wildcards";
        return {};
    }

    const FieldDescriptor *field(const char *name) const { return v1::Target::descriptor()->FindFieldByName(name); }
    bool has(const char *name) const
    {
        const auto *reflection = m_target.GetReflection();
        return field(name)->is_repeated() ? reflection->FieldSize(m_target, field(name)) > 0 : reflection->HasField(m_target, field(name));
    }
    std::string at(const char *name) const
    {
        return placeOf(m_path, m_places, field(name), field(name)->is_repeated() ? 0 : -1) + ": error: ";
    }
    std::string commandProblem(const char *name) const
    {
        if (!has(name))
            return {};
        const auto *command = dynamic_cast<const v1::Command *>(&m_target.GetReflection()->GetMessage(m_target, field(name)));
        if (command->argument().empty())
            return at(name) + "a command needs its program as the first argument";
        try {
            const std::regex expression(command->ready_line());
        } catch (const std::regex_error &error) {
            return at(name) + "ready_line is no regular expression: " + error.what();
        }
        for (const auto &variable : command->environment()) {
            if (variable.find('=') == std::string::npos)
                return at(name) + "environment is NAME=value, not \"" + variable + "\"";
        }
        return {};
    }

    const std::string &m_path;
    const Places &m_places;
    const v1::Target &m_target;
};

std::string passwordOf(const std::string &url)
{
    const std::size_t scheme = url.find("://");
    const std::size_t host = url.find('@', scheme == std::string::npos ? 0 : scheme);
    const std::size_t colon = url.find(':', scheme == std::string::npos ? 0 : scheme + 3);
    if (host == std::string::npos || colon == std::string::npos || colon > host)
        return {};
    return url.substr(colon + 1, host - colon - 1);
}

/// Passwords from the environment are written in; whatever is one, is a secret.
std::string gatherSecrets(const std::string &path, Profile &profile)
{
    for (auto &account : *profile.target.mutable_account()) {
        if (account.has_password_env()) {
            const char *value = std::getenv(account.password_env().c_str());
            if (!value)
                return path + ": error: account \"" + account.user() + "\": the environment variable " + account.password_env() + " is not set";
            account.set_password(value);
        }
        profile.secrets.insert(account.password());
    }
    profile.secrets.insert(passwordOf(profile.target.url()));
    for (const auto &endpoint : profile.target.endpoint())
        profile.secrets.insert(passwordOf(endpoint));
    profile.secrets.erase("");
    return {};
}

} // namespace

tl::expected<Profile, std::string> loadProfile(const std::string &path, const Choose &choose)
{
    const auto text = readFile(path);
    if (!text)
        return tl::unexpected(text.error());
    Profile profile;
    Places places;
    if (const auto parsed = parseText(path, *text, profile.target, &places); !parsed)
        return tl::unexpected(parsed.error());
    if (const std::string wrong = Sense(path, places, profile.target).problem(); !wrong.empty())
        return tl::unexpected(wrong);
    if (const std::string wrong = Filling(path, choose).fill(profile.target, &places); !wrong.empty())
        return tl::unexpected(wrong);
    if (const std::string wrong = gatherSecrets(path, profile); !wrong.empty())
        return tl::unexpected(wrong);
    return profile;
}

tl::expected<Profile, std::string> profileOfUrl(const std::string &url)
{
    const Choose nothing = [](const std::string &) { return std::nullopt; };
    Filling filling("--target", nothing);
    Profile profile;
    profile.target.set_url(filling.replaced(url, "--target"));
    if (!filling.problem().empty())
        return tl::unexpected(filling.problem());
    gatherSecrets("--target", profile);
    return profile;
}

std::string withoutSecrets(std::string text, const std::set<std::string> &secrets)
{
    for (const std::string &secret : secrets) {
        for (std::size_t at = secret.empty() ? std::string::npos : text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
            text.replace(at, secret.size(), "***");
    }
    return text;
}

} // namespace hiatus::lifecycle
