#pragma once

#include "scenarios/world/networkworld.h"

#include <QTest>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hiatus::loopback {

/// Writes down what a world tells.
class Recorder final : public world::WorldListener
{
public:
    explicit Recorder(world::NetworkWorld &world) : m_world(world) { world.setListener(this); }

    void opened(LinkId link) override { openedLinks.push_back(link); }
    void received(LinkId link, std::string_view bytes) override { bytesOf[link] += bytes; }
    void closed(LinkId link, world::Ending how, const std::string &) override { endings.emplace_back(link, how); }
    void accepted(LinkId) override {}
    void appEvent(world::AppId, const v1::ClientEvent &) override {}
    void cut(world::AppId, std::uint32_t) override {}
    void targetChanged(bool, const std::string &) override {}
    void woke() override { wokeAt.push_back(m_world.now()); }

    bool isOpen(LinkId link) const
    {
        return std::find(openedLinks.begin(), openedLinks.end(), link) != openedLinks.end();
    }
    /// How the links ended, and that no link ended twice.
    std::vector<std::pair<LinkId, world::Ending>> endings;
    std::vector<LinkId> openedLinks;
    std::map<LinkId, std::string> bytesOf;
    std::vector<Time> wokeAt;

private:
    world::NetworkWorld &m_world;
};

/// Turns the event loop until it holds; the limit only bounds a failure.
template <class Predicate>
bool eventually(Predicate predicate)
{
    return QTest::qWaitFor(predicate, 20'000);
}

} // namespace hiatus::loopback
