#pragma once
// Which subscriptions does a topic match? Filters without wildcards are one look-up; the others hang in a tree by
// level.

#include "minibroker/engine/session.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hiatus::broker {

struct Match
{
    Session *session = nullptr;
    const Subscription *subscription = nullptr;
};
using Matches = std::vector<Match>;

class TopicIndex
{
public:
    /// A filter with wildcards has at most so many levels (the tree is as deep as its filters): is this one lawful
    /// here?
    static bool takes(std::string_view filter);

    TopicIndex();
    ~TopicIndex();
    TopicIndex(const TopicIndex &) = delete;
    TopicIndex &operator=(const TopicIndex &) = delete;

    /// The subscription must stay where it is until it is removed.
    void add(Session &session, const Subscription &subscription);
    void remove(const Session &session, const Subscription &subscription);

    /// Matches of non-shared subscriptions go to `plain`. Of each shared subscription one member goes to `shared`: the
    /// members take turns, those that are connected first [5.0 U5-4.8.2-3].
    void match(std::string_view topic, Matches &plain, Matches &shared);
    /// The next member of a shared subscription, by its whole filter; nothing if it has none.
    std::optional<Match> member(std::string_view sharedFilter);

private:
    struct Group
    {
        std::string name;
        Matches members;
        std::size_t turn = 0;
    };
    /// The subscribers of one filter.
    struct Slot
    {
        Matches plain;
        std::vector<Group> groups;
        bool empty() const { return plain.empty() && groups.empty(); }
    };
    struct Node;
    struct Hash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    template <class T> using ByText = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

    Slot &slot(std::string_view filter);
    Slot *find(std::string_view filter);
    static Match choose(Group &group);
    static void collect(Slot &slot, Matches &plain, Matches &shared);
    static void walk(Node &node, std::string_view rest, bool first, Matches &plain, Matches &shared);
    static void removeFrom(Slot &slot, const Session &session, const Subscription &subscription);
    static bool prune(Node &node, std::string_view rest, const Session &session, const Subscription &subscription);

    ByText<Slot> m_exact;
    std::unique_ptr<Node> m_root;
};

} // namespace hiatus::broker
