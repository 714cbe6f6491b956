#include "minibroker/deviation/rewriter.h"

namespace hiatus::broker {

namespace {

class Rewriter final : public Decorator
{
public:
    Rewriter(std::unique_ptr<Broker> inner, Rewriting rewriting) : Decorator(std::move(inner)), m_rewriting(std::move(rewriting)) {}

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        auto &facts = note(link, packet, now);
        if (!m_rewriting.in)
            return Decorator::received(link, packet, now);
        auto changed = packet;
        Actions answers;
        if (!m_rewriting.in(changed, facts, answers))
            return answers;
        for (auto &action : Decorator::received(link, changed, now))
            answers.push_back(std::move(action));
        return answers;
    }
    Actions malformed(LinkId link, const wire::Malformed &what, Time now) override
    {
        Actions answers;
        if (m_rewriting.unreadable && m_rewriting.unreadable(what, m_links[link], answers))
            return answers;
        return Decorator::malformed(link, what, now);
    }
    Actions closed(LinkId link, Time now) override
    {
        m_links.erase(link);
        return Decorator::closed(link, now);
    }

protected:
    Actions pass(Actions actions, Time now) override
    {
        Actions all;
        for (auto &action : actions) {
            auto *send = std::get_if<SendAction>(&action);
            if (send == nullptr) {
                all.push_back(std::move(action));
                continue;
            }
            auto &facts = m_links[send->link];
            facts.now = now;
            if (send->packet.has_connack())
                facts.resumed = send->packet.connack().session_present();
            Actions more;
            if (!m_rewriting.out || m_rewriting.out(*send, facts, more)) {
                if (const auto &publish = send->packet.publish(); publish.qos() > 0)
                    facts.outstanding[publish.packet_id()] = publish.qos();
                all.push_back(std::move(action));
            }
            for (auto &one : more)
                all.push_back(std::move(one));
        }
        return all;
    }

private:
    LinkFacts &note(LinkId link, const v1::Packet &packet, Time now)
    {
        auto &facts = m_links[link];
        facts.link = link;
        facts.now = now;
        if (packet.has_connect()) {
            facts.client = packet.connect().client_id();
            facts.version = packet.connect().protocol_level() == 5 ? v1::V5 : v1::V3;
            if (packet.connect().has_receive_maximum())
                facts.receiveMaximum = packet.connect().receive_maximum();
        }
        if (packet.has_puback())
            facts.outstanding.erase(packet.puback().packet_id());
        if (packet.has_pubcomp())
            facts.outstanding.erase(packet.pubcomp().packet_id());
        if (packet.pubrec().code() >= 0x80)
            facts.outstanding.erase(packet.pubrec().packet_id());
        return facts;
    }

    Rewriting m_rewriting;
    std::map<LinkId, LinkFacts> m_links;
};

} // namespace

std::function<void(Setup &)> rewriting(std::function<Rewriting()> make)
{
    return [make = std::move(make)](Setup &setup) {
        setup.decorators.push_back([made = make()](std::unique_ptr<Broker> inner) -> std::unique_ptr<Broker> {
            return std::make_unique<Rewriter>(std::move(inner), made);
        });
    };
}

std::function<void(Setup &)> rewritingOut(std::function<void(v1::Packet &, const LinkFacts &)> change)
{
    return rewriting([change = std::move(change)] {
        return Rewriting{.out = [change](SendAction &send, const LinkFacts &facts, Actions &) {
            change(send.packet, facts);
            return true;
        }};
    });
}

} // namespace hiatus::broker
