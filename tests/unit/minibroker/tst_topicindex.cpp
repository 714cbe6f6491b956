// The index finds what matching filter by filter would find.

#include "minibroker/engine/topicindex.h"
#include "proto/wire/topicfilter.h"

#include <QTest>
#include <rapidcheck.h>

using namespace hiatus;
using namespace hiatus::broker;

namespace {

rc::Gen<std::string> levels(std::vector<std::string> words)
{
    return rc::gen::map(rc::gen::resize(4, rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(
                                               rc::gen::elementOf(std::move(words))))),
                        [](const std::vector<std::string> &all) {
                            std::string joined;
                            for (const auto &word : all)
                                joined += (joined.empty() && &word == &all.front() ? "" : "/") + word;
                            return joined;
                        });
}

rc::Gen<std::string> filters()
{
    return rc::gen::suchThat(levels({"a", "b", "", "+", "#", "$x"}),
                             [](const std::string &filter) { return wire::isTopicFilter(filter); });
}

rc::Gen<std::string> topics()
{
    return rc::gen::suchThat(levels({"a", "b", "", "$x"}),
                             [](const std::string &topic) { return wire::isTopicName(topic); });
}

std::size_t found(TopicIndex &index, const std::string &topic)
{
    Matches plain, shared;
    index.match(topic, plain, shared);
    return plain.size();
}

} // namespace

class TestTopicIndex : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatMatchingFindsBeforeAndAfterRemoval()
    {
        QVERIFY(rc::check("the index agrees with matches()", [] {
            const auto all = *rc::gen::resize(30, rc::gen::container<std::vector<std::string>>(filters()));
            const auto topic = *topics();
            Session session;
            std::vector<Subscription> subscriptions(all.size());
            TopicIndex index;
            for (std::size_t i = 0; i < all.size(); ++i) {
                subscriptions[i].filter = all[i];
                index.add(session, subscriptions[i]);
            }
            std::size_t expected = 0;
            for (const auto &filter : all)
                expected += wire::matches(filter, topic) ? 1 : 0;
            RC_ASSERT(found(index, topic) == expected);
            for (std::size_t i = 0; i < all.size(); ++i) {
                index.remove(session, subscriptions[i]);
                expected -= wire::matches(all[i], topic) ? 1 : 0;
                RC_ASSERT(found(index, topic) == expected);
            }
        }));
    }
};

QTEST_APPLESS_MAIN(TestTopicIndex)
#include "tst_topicindex.moc"
