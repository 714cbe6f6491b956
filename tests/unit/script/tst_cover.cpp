// A pairwise cover: small, whole in pairs, and the same for the same seed.

#include "scenarios/script/axes.h"
#include "scenarios/script/cover.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace hiatus;
using namespace hiatus::script;

namespace {

/// A scenario whose axes have so many values each; `isLeftOut` says which bindings do not exist.
std::vector<Variant> product(const std::vector<int> &sizes, bool (*isLeftOut)(const Binding &) = nullptr)
{
    v1::Axes axes;
    axes.add_version(v1::V5);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        auto *axis = axes.add_axis();
        axis->set_name("axis" + std::to_string(i));
        for (int k = 0; k < sizes[i]; ++k)
            axis->add_value(std::to_string(k));
    }
    std::vector<Variant> variants;
    for (const auto &binding : bindingsOf(axes)) {
        if (isLeftOut != nullptr && isLeftOut(binding))
            continue;
        Variant variant;
        variant.scenario = "topic/slug";
        variant.id = variantId(variant.scenario, binding);
        variant.axes = binding;
        variants.push_back(variant);
    }
    return variants;
}

std::vector<const Variant *> pointers(const std::vector<Variant> &variants)
{
    std::vector<const Variant *> all;
    for (const auto &variant : variants)
        all.push_back(&variant);
    return all;
}

using Value = std::pair<std::string, std::string>;

std::set<std::pair<Value, Value>> pairsOf(const std::vector<const Variant *> &variants)
{
    std::set<std::pair<Value, Value>> pairs;
    for (const auto *variant : variants)
        for (const auto &one : variant->axes)
            for (const auto &other : variant->axes)
                pairs.insert({one, other});
    return pairs;
}

/// As a script's `except` would have it.
bool isUnlawful(const Binding &binding)
{
    return binding[1].second == "0" && binding[2].second != "1";
}

} // namespace

class CoverTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsEveryPairThatOccurs_data()
    {
        QTest::addColumn<QList<int>>("sizes");
        QTest::addColumn<int>("most");
        QTest::newRow("one axis is kept whole") << QList<int>{5} << 5;
        QTest::newRow("two axes are kept whole") << QList<int>{5, 4} << 20;
        QTest::newRow("three axes") << QList<int>{3, 3, 3} << 14;
        QTest::newRow("as large as ours") << QList<int>{8, 5, 3, 2, 4} << 60;
    }
    void keepsEveryPairThatOccurs()
    {
        QFETCH(QList<int>, sizes);
        QFETCH(int, most);
        const auto all = product({sizes.begin(), sizes.end()});
        for (std::uint64_t seed = 0; seed < 5; ++seed) {
            const auto cover = pairwise(pointers(all), seed);
            QCOMPARE(pairsOf(cover) == pairsOf(pointers(all)), true);
            QVERIFY2(int(cover.size()) <= most, qPrintable(QString::number(cover.size())));
        }
    }

    void asksForNoPairThatIsLeftOut()
    {
        const auto all = product({3, 3, 4}, isUnlawful);
        const auto cover = pairwise(pointers(all));
        QVERIFY(cover.size() < all.size());
        QCOMPARE(pairsOf(cover) == pairsOf(pointers(all)), true);
    }

    void keepsTheOrderAndPicksTheSameForTheSameSeed()
    {
        const auto all = product({4, 4, 4, 4});
        const auto cover = pairwise(pointers(all), 7);
        QVERIFY(std::is_sorted(cover.begin(), cover.end()));
        QCOMPARE(cover == pairwise(pointers(all), 7), true);
        QCOMPARE(cover == pairwise(pointers(all), 8), false);
    }

    void coversEachScenarioByItself()
    {
        auto all = product({4, 4, 4});
        const auto alone = pairwise(pointers(all)).size();
        auto more = product({4, 4, 4});
        for (auto &variant : more)
            variant.scenario = "topic/other";
        all.insert(all.end(), more.begin(), more.end());
        QCOMPARE(pairwise(pointers(all)).size(), 2 * alone);
        QVERIFY(pairwise({}).empty());
    }
};

QTEST_APPLESS_MAIN(CoverTest)
#include "tst_cover.moc"
