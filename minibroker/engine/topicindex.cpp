#include "minibroker/engine/topicindex.h"

#include "proto/wire/topicfilter.h"

#include <algorithm>

namespace hiatus::broker {

namespace {

constexpr auto AllLevels = std::string_view::npos;

struct Parts
{
    std::string_view group;
    std::string_view filter;
};

Parts partsOf(const Subscription &subscription)
{
    if (subscription.shared)
        if (const auto shared = wire::sharedFilter(subscription.filter))
            return {shared->group, shared->filter};
    return {{}, subscription.filter};
}

std::string_view headOf(std::string_view levels)
{
    return levels.substr(0, levels.find('/'));
}

/// The levels behind the first; a null view if there are none (an empty one is a level without a name).
std::string_view tailOf(std::string_view levels)
{
    const auto slash = levels.find('/');
    return slash == AllLevels ? std::string_view() : levels.substr(slash + 1);
}

} // namespace

struct TopicIndex::Node
{
    Slot here;                              // filters that end at this level
    Slot everything;                        // and those that go on with '#'
    ByText<std::unique_ptr<Node>> children; // '+' among them

    bool empty() const { return here.empty() && everything.empty() && children.empty(); }
};

bool TopicIndex::takes(std::string_view filter)
{
    constexpr auto MaximumLevels = 200;
    return !wire::hasWildcard(filter) || std::count(filter.begin(), filter.end(), '/') < MaximumLevels;
}

TopicIndex::TopicIndex() : m_root(std::make_unique<Node>()) {}
TopicIndex::~TopicIndex() = default;

TopicIndex::Slot &TopicIndex::slot(std::string_view filter)
{
    if (!wire::hasWildcard(filter))
        return m_exact.try_emplace(std::string(filter)).first->second;
    auto *node = m_root.get();
    for (auto rest = filter; rest.data() != nullptr; rest = tailOf(rest)) {
        const auto level = headOf(rest);
        if (level == "#")
            return node->everything;
        auto &child = node->children[std::string(level)];
        if (!child)
            child = std::make_unique<Node>();
        node = child.get();
    }
    return node->here;
}

void TopicIndex::add(Session &session, const Subscription &subscription)
{
    const auto parts = partsOf(subscription);
    auto &where = slot(parts.filter);
    if (!subscription.shared) {
        where.plain.push_back({&session, &subscription});
        return;
    }
    auto group = std::find_if(where.groups.begin(), where.groups.end(),
                              [&](const Group &candidate) { return candidate.name == parts.group; });
    if (group == where.groups.end())
        group = where.groups.insert(group, Group{std::string(parts.group), {}, 0});
    group->members.push_back({&session, &subscription});
}

void TopicIndex::removeFrom(Slot &slot, const Session &session, const Subscription &subscription)
{
    const auto isIt = [&](const Match &match) {
        return match.session == &session && match.subscription == &subscription;
    };
    std::erase_if(slot.plain, isIt);
    for (auto &group : slot.groups)
        std::erase_if(group.members, isIt);
    std::erase_if(slot.groups, [](const Group &group) { return group.members.empty(); });
}

void TopicIndex::remove(const Session &session, const Subscription &subscription)
{
    const auto filter = partsOf(subscription).filter;
    if (wire::hasWildcard(filter)) {
        prune(*m_root, filter, session, subscription);
        return;
    }
    const auto found = m_exact.find(filter);
    if (found == m_exact.end())
        return;
    removeFrom(found->second, session, subscription);
    if (found->second.empty())
        m_exact.erase(found);
}

/// Removes it below the node; says whether the node is empty now.
bool TopicIndex::prune(Node &node, std::string_view rest, const Session &session, const Subscription &subscription)
{
    if (rest.data() == nullptr)
        removeFrom(node.here, session, subscription);
    else if (headOf(rest) == "#")
        removeFrom(node.everything, session, subscription);
    else if (const auto child = node.children.find(headOf(rest)); child != node.children.end()) {
        if (prune(*child->second, tailOf(rest), session, subscription))
            node.children.erase(child);
    }
    return node.empty();
}

Match TopicIndex::choose(Group &group)
{
    const auto count = group.members.size();
    for (std::size_t i = 0; i < count; ++i) {
        const auto candidate = (group.turn + i) % count;
        if (group.members[candidate].session->connection == nullptr)
            continue;
        group.turn = candidate + 1;
        return group.members[candidate];
    }
    return group.members[group.turn++ % count];
}

void TopicIndex::collect(Slot &slot, Matches &plain, Matches &shared)
{
    plain.insert(plain.end(), slot.plain.begin(), slot.plain.end());
    for (auto &group : slot.groups)
        shared.push_back(choose(group));
}

void TopicIndex::walk(Node &node, std::string_view rest, bool first, Matches &plain, Matches &shared)
{
    // A leading wildcard matches no topic that begins with '$'; "sport/#" matches "sport" too.
    const bool wild = !(first && !rest.empty() && rest.front() == '$');
    if (wild)
        collect(node.everything, plain, shared);
    if (rest.data() == nullptr) {
        collect(node.here, plain, shared);
        return;
    }
    if (const auto child = node.children.find(headOf(rest)); child != node.children.end())
        walk(*child->second, tailOf(rest), false, plain, shared);
    if (const auto child = node.children.find(std::string_view("+")); wild && child != node.children.end())
        walk(*child->second, tailOf(rest), false, plain, shared);
}

TopicIndex::Slot *TopicIndex::find(std::string_view filter)
{
    if (!wire::hasWildcard(filter)) {
        const auto found = m_exact.find(filter);
        return found == m_exact.end() ? nullptr : &found->second;
    }
    auto *node = m_root.get();
    for (auto rest = filter; rest.data() != nullptr; rest = tailOf(rest)) {
        if (headOf(rest) == "#")
            return &node->everything;
        const auto child = node->children.find(headOf(rest));
        if (child == node->children.end())
            return nullptr;
        node = child->second.get();
    }
    return &node->here;
}

std::optional<Match> TopicIndex::member(std::string_view sharedFilter)
{
    const auto parts = wire::sharedFilter(sharedFilter);
    auto *where = parts ? find(parts->filter) : nullptr;
    if (where == nullptr)
        return {};
    for (auto &group : where->groups)
        if (group.name == parts->group)
            return choose(group);
    return {};
}

void TopicIndex::match(std::string_view topic, Matches &plain, Matches &shared)
{
    if (const auto found = m_exact.find(topic); found != m_exact.end())
        collect(found->second, plain, shared);
    if (!m_root->empty())
        walk(*m_root, topic, true, plain, shared);
}

} // namespace hiatus::broker
