#include "scenarios/interpreter/scope.h"

#include "proto/wire/topicfilter.h"

#include <google/protobuf/descriptor.h>

#include <array>
#include <vector>

namespace hiatus::run {

namespace {

std::uint64_t fnv1a(std::string_view text, std::uint64_t hash)
{
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3ull;
    }
    return hash;
}

std::string base36(std::uint64_t value, std::size_t digits)
{
    static constexpr std::string_view alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::string text;
    for (std::size_t i = 0; i < digits; ++i) {
        text.push_back(alphabet[value % alphabet.size()]);
        value /= alphabet.size();
    }
    return text;
}

} // namespace

Scope::Scope(std::string_view variant, std::uint64_t seed, std::string_view root)
{
    const std::string salt = std::to_string(seed);
    m_token = "h" + base36(fnv1a(salt, fnv1a(variant, 0xcbf29ce484222325ull)), 11);
    m_prefix = (root.empty() ? std::string() : std::string(root) + "/") + m_token + "/";
}

std::string Scope::clientId(std::string_view session) const
{
    std::string id = m_token;
    for (const char c : session) {
        const bool lawful = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (lawful && id.size() < 23)
            id.push_back(c);
    }
    return id;
}

std::string Scope::clientId(const v1::Lane &lane) const
{
    if (!lane.has_client_id())
        return clientId(lane.has_session() ? lane.session() : lane.name());
    std::string id = m_token;
    if (lane.client_id_bytes() > id.size() + lane.client_id().size())
        id.append(lane.client_id_bytes() - id.size() - lane.client_id().size(), 'x');
    return id + lane.client_id();
}

std::string Scope::topicOut(std::string_view topic) const
{
    if (topic.empty() || topic.front() == '$')
        return std::string(topic);
    return m_prefix + std::string(topic);
}

std::string Scope::topicIn(std::string_view topic) const
{
    return std::string(topic.substr(topic.substr(0, m_prefix.size()) == m_prefix ? m_prefix.size() : 0));
}

std::string Scope::filterOut(std::string_view filter) const
{
    if (const auto shared = wire::sharedFilter(filter))
        return "$share/" + std::string(shared->group) + "/" + topicOut(shared->filter);
    return topicOut(filter);
}

std::string Scope::filterIn(std::string_view filter) const
{
    if (const auto shared = wire::sharedFilter(filter))
        return "$share/" + std::string(shared->group) + "/" + topicIn(shared->filter);
    return topicIn(filter);
}

std::string Scope::change(v1::Scope scope, const std::string &value, bool out) const
{
    if (scope == v1::FILTER)
        return out ? filterOut(value) : filterIn(value);
    return out ? topicOut(value) : topicIn(value);
}

void Scope::walk(google::protobuf::Message &message, bool out) const
{
    using google::protobuf::FieldDescriptor;
    const auto *reflection = message.GetReflection();
    std::vector<const FieldDescriptor *> fields;
    reflection->ListFields(message, &fields);
    for (const auto *field : fields) {
        if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
            const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
            for (int i = 0; i < count; ++i) {
                walk(field->is_repeated() ? *reflection->MutableRepeatedMessage(&message, field, i)
                                          : *reflection->MutableMessage(&message, field),
                     out);
            }
            continue;
        }
        if (field->cpp_type() != FieldDescriptor::CPPTYPE_STRING)
            continue;
        const v1::Scope scope = field->options().GetExtension(v1::scope);
        if (scope != v1::TOPIC && scope != v1::FILTER)
            continue;
        if (!field->is_repeated()) {
            reflection->SetString(&message, field, change(scope, reflection->GetString(message, field), out));
            continue;
        }
        for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
            const std::string value = change(scope, reflection->GetRepeatedString(message, field, i), out);
            reflection->SetRepeatedString(&message, field, i, value);
        }
    }
}

} // namespace hiatus::run
