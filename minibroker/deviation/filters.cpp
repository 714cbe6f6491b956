#include "minibroker/deviation/filters.h"

#include "minibroker/engine/decorator.h"

#include <map>
#include <set>

namespace hiatus::broker {

namespace {

class Filter final : public Decorator
{
public:
    Filter(std::unique_ptr<Broker> inner, Filtering filtering) : Decorator(std::move(inner)), m_filtering(std::move(filtering)) {}

    void comesBy(LinkId link, std::uint32_t endpoint) override
    {
        viewOf(link).endpoint = endpoint;
        Decorator::comesBy(link, endpoint);
    }
    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (m_deaf.contains(link))
            return {};
        auto &view = viewOf(link);
        if (packet.has_connect() && view.received == 0) {
            view.connect = packet.connect();
            view.version = packet.connect().protocol_level() == 5 ? v1::V5 : v1::V3;
        }
        view.last = packet;
        ++view.received;
        if (m_filtering.ignores && m_filtering.ignores(packet, view))
            return {};
        if (m_filtering.answers) {
            Actions actions;
            for (auto &answer : m_filtering.answers(packet, view))
                actions.push_back(SendAction{link, view.version, std::move(answer)});
            if (!actions.empty())
                return actions;
        }
        if (!m_filtering.reads)
            return Decorator::received(link, packet, now);
        auto changed = packet;
        m_filtering.reads(changed, view);
        return Decorator::received(link, changed, now);
    }
    Actions malformed(LinkId link, const wire::Malformed &what, Time now) override
    {
        if (m_deaf.contains(link) || (m_filtering.ignoresMalformed && m_filtering.ignoresMalformed(what, viewOf(link))))
            return {};
        return Decorator::malformed(link, what, now);
    }
    Actions closed(LinkId link, Time now) override
    {
        auto actions = Decorator::closed(link, now);
        m_views.erase(link);
        m_deaf.erase(link);
        return actions;
    }

protected:
    Actions pass(Actions actions, Time) override
    {
        Actions out;
        for (auto &action : actions) {
            if (auto *send = std::get_if<SendAction>(&action))
                write(*send, out);
            else
                close(std::get<CloseAction>(action), out);
        }
        return out;
    }

private:
    using Adding = std::function<std::vector<v1::Packet>(const v1::Packet &, const LinkView &)>;

    LinkView &viewOf(LinkId link)
    {
        auto &view = m_views[link];
        view.link = link;
        return view;
    }
    static void add(const Adding &adding, const SendAction &send, const LinkView &view, Actions &out)
    {
        if (!adding)
            return;
        for (auto &packet : adding(send.packet, view))
            out.push_back(SendAction{send.link, send.version, std::move(packet)});
    }
    void write(SendAction &send, Actions &out)
    {
        auto &view = viewOf(send.link);
        if (send.packet.has_connack()) {
            view.isAccepted = send.packet.connack().code() == 0;
            view.isResumed = send.packet.connack().session_present();
        }
        add(m_filtering.precedes, send, view, out);
        const auto original = m_filtering.follows ? send : SendAction();
        const bool isSwallowed = m_filtering.swallows && m_filtering.swallows(send.packet, view);
        if (!isSwallowed) {
            if (m_filtering.writes)
                m_filtering.writes(send.packet, view);
            out.push_back(std::move(send));
            ++view.sent;
        }
        add(m_filtering.follows, original, view, out);
    }
    void close(CloseAction &close, Actions &out)
    {
        if (m_filtering.keepsOpen && m_filtering.keepsOpen(viewOf(close.link))) {
            m_deaf.insert(close.link);
            return;
        }
        m_views.erase(close.link);
        out.push_back(std::move(close));
    }

    Filtering m_filtering;
    std::map<LinkId, LinkView> m_views;
    std::set<LinkId> m_deaf;
};

} // namespace

std::function<void(Setup &)> filtered(std::function<Filtering()> make)
{
    return [make = std::move(make)](Setup &setup) {
        setup.decorators.push_back([make](std::unique_ptr<Broker> inner) -> std::unique_ptr<Broker> {
            return std::make_unique<Filter>(std::move(inner), make());
        });
    };
}

std::function<void(Setup &)> filtered(Filtering filtering)
{
    return filtered([filtering = std::move(filtering)] { return filtering; });
}

} // namespace hiatus::broker
