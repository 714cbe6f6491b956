#include "scenarios/script/expand.h"
#include "scenarios/script/lintrules.h"
#include "scenarios/script/lintstate.h"
#include "scenarios/script/lintversion.h"
#include "scenarios/script/verbs.h"

#include <algorithm>
#include <set>

namespace hiatus::script {

using Link = KnownLane::Link;

namespace {

class PlanLint
{
public:
    PlanLint(const LintContext &context, const Variant &variant, const std::vector<Origin> &origins,
             std::set<std::string> &said)
        : m_context(context), m_variant(variant), m_origins(origins), m_said(said)
    {
        for (const v1::Lane &lane : variant.lanes) {
            KnownLane &known = m_known.lanes[lane.name()];
            known.party = lane.has_party() ? lane.party() : v1::MQTT_CLIENT;
            known.session = lane.has_session() ? lane.session() : lane.name();
            known.written = lane.connect();
            known.keeps = lane.has_keep_for();
        }
    }

    void run()
    {
        versionOfLanes();
        steps(m_variant.steps);
    }

private:
    void steps(const std::vector<PlannedStep> &list)
    {
        for (const PlannedStep &planned : list)
            step(planned);
    }

    void step(const PlannedStep &planned)
    {
        m_origin = &m_origins[planned.index];
        const v1::Step &step = planned.step;
        cites(step);
        if (m_variant.versionOf(laneOf(step)) == v1::V3)
            version(step);
        switch (step.verb_case()) {
        case v1::Step::kOpen:
            return open(step.open());
        case v1::Step::kDrop:
            return drop(step.drop());
        case v1::Step::kSubscribe:
            return subscribe(step.subscribe());
        case v1::Step::kUnsubscribe:
            return unsubscribe(step.unsubscribe());
        case v1::Step::kPublish:
            return publish(step.publish());
        case v1::Step::kExpect:
            return expect(step.expect(), "expect", true);
        case v1::Step::kTake:
            return expect(step.take(), "take", false);
        case v1::Step::kAllOf:
            return allOf(step.all_of());
        case v1::Step::kAck:
            return ack(step.ack());
        case v1::Step::kSend:
            return send(step.send());
        case v1::Step::kFence:
            return fence(planned);
        case v1::Step::kGoRound:
            return goRound(step.go_round());
        case v1::Step::kClosed:
            return closed(step.closed());
        case v1::Step::kTarget:
            return target(step.target());
        case v1::Step::kNever:
            return bound(step.never().on(), step.never().has_id() ? step.never().id() : std::string(), "never.id");
        case v1::Step::kAccept:
            lane(step.accept().on()).link = Link::Up;
            return;
        case v1::Step::kOneOf:
            return oneOf(planned);
        default:
            for (const PlannedBlock &block : planned.blocks)
                steps(block.steps);
        }
    }

    void oneOf(const PlannedStep &planned)
    {
        const Known before = m_known;
        std::vector<Known> ends;
        for (const PlannedBlock &block : planned.blocks) {
            m_known = before;
            steps(block.steps);
            ends.push_back(m_known);
        }
        m_known.mergeBranches(ends);
    }

    void target(const v1::TargetStep &target)
    {
        if (target.has_start() != m_isDown)
            add("target", m_isDown ? "the target is down already: start it" : "the target is up already");
        m_isDown = target.has_stop();
        m_known.loseTarget();
    }

    void open(const v1::Open &open)
    {
        if (m_isDown)
            add("open", "the target is down: nobody answers");
        KnownLane &known = lane(open.on());
        if (known.link == Link::Up)
            add("open", "lane \"" + open.on() + "\" is connected already: drop it first");
        known.connect = known.written;
        known.connect.MergeFrom(open.connect());
        known.deaf = known.left = false;
        known.held = 0;
        known.kept = isKept(known, open);
        known.link = open.expect().code() != 0 ? Link::Down : (open.maybe_refused() ? Link::Maybe : Link::Up);
        if (open.upto_sent() || known.link == Link::Down)
            return; // whether it changes the session is not known yet
        for (auto &[name, other] : m_known.lanes)
            other.deaf = other.deaf && other.session != known.session; // now the target knows
        KnownSession &session = sessionOf(known);
        if (open.clean() || (open.has_session_present() && !open.session_present()))
            session.filters.clear();
        if (open.clean())
            session.maybeSent.clear();
    }

    bool isKept(const KnownLane &known, const v1::Open &open) const
    {
        if (m_variant.versionOf(open.on()) == v1::V3)
            return !open.clean();
        const bool asked = std::any_of(open.set().begin(), open.set().end(), [](const v1::Set &set) {
            return set.field() == "session_expiry_interval";
        });
        if (known.connect.has_session_expiry_interval())
            return known.connect.session_expiry_interval() > 0;
        return known.keeps || asked;
    }

    void drop(const v1::DropStep &drop)
    {
        KnownLane &known = connected(drop.on(), "drop");
        if (drop.how() == v1::DISCONNECT_WITH_WILL && m_variant.versionOf(drop.on()) == v1::V3)
            add("drop", "3.1.1 has no DISCONNECT_WITH_WILL: leave the combination out with except");
        if (drop.how() == v1::KEEPALIVE && known.party == v1::MQTT_CLIENT && known.connect.keep_alive() == 0)
            add("drop", "KEEPALIVE on lane \"" + drop.on() + "\", which has no keep_alive");
        known.link = Link::Down;
        known.deaf = known.left = drop.how() == v1::TAKEOVER || drop.how() == v1::HALF_OPEN;
        known.held = 0;
        const bool ended = drop.disconnect().has_session_expiry_interval() && drop.disconnect().session_expiry_interval() == 0;
        if ((!known.kept || ended) && !known.deaf)
            sessionOf(known).filters.clear();
    }

    void subscribe(const v1::SubscribeStep &subscribe)
    {
        KnownLane &known = connected(subscribe.on(), "subscribe");
        sessionOf(known).subscribe(subscribe.filter(), subscribe.no_local());
        for (const v1::Filter &filter : subscribe.also())
            sessionOf(known).subscribe(filter.filter(), filter.no_local());
    }

    void unsubscribe(const v1::UnsubscribeStep &unsubscribe)
    {
        KnownLane &known = connected(unsubscribe.on(), "unsubscribe");
        for (const std::string &filter : unsubscribe.filter())
            sessionOf(known).unsubscribe(filter);
    }

    void publish(const v1::PublishStep &publish)
    {
        KnownLane &known = connected(publish.on(), "publish");
        if (publish.has_id())
            sessionOf(known).symbols.insert(publish.id());
        m_known.published(publish.topic(), publish.payload());
    }

    void send(const v1::Send &send)
    {
        // A link that was left behind is still there to write on: what the target makes of it is the question.
        KnownLane &known = lane(send.on()).left ? lane(send.on()) : connected(send.on(), "send");
        bool introduces = !send.has_id();
        for (const v1::Packet &packet : send.packet()) {
            introduces = introduces || packet.has_publish() || packet.has_subscribe() || packet.has_unsubscribe();
            if (packet.has_publish())
                m_known.published(packet.publish().topic(), packet.publish().payload());
            if (packet.has_disconnect() || packet.has_connect() || packet.has_wire())
                known.link = Link::Maybe; // what follows may be its end
        }
        if (!introduces)
            bound(send.on(), send.id(), "send.id");
        else if (send.has_id())
            sessionOf(known).symbols.insert(send.id());
    }

    void expect(const v1::Expect &expect, const std::string &path, bool holds)
    {
        KnownLane &known = connected(expect.on(), path);
        KnownSession &session = sessionOf(known);
        if (expect.has_id())
            session.symbols.insert(expect.id());
        if (!expect.has_publish())
            return;
        const v1::Publish &pattern = expect.publish();
        if (holds && (!pattern.has_qos() || pattern.qos() > 0))
            ++known.held;
        if (pattern.has_dup() && !pattern.dup() && session.maybeSent.count({pattern.topic(), pattern.payload()}) > 0)
            add(path + ".publish.dup", "the target may have sent this into a connection whose loss it could not know of: "
                                       "the copy may carry DUP");
    }

    void allOf(const v1::AllOf &all)
    {
        for (int i = 0; i < all.take_size(); ++i)
            expect(all.take(i), element("all_of.take", i), false);
        for (int i = 0; i < all.expect_size(); ++i)
            expect(all.expect(i), element("all_of.expect", i), true);
    }

    void ack(const v1::AckStep &ack)
    {
        KnownLane &known = connected(ack.on(), "ack");
        bound(ack.on(), ack.has_id() ? ack.id() : std::string(), "ack.id");
        if (ack.with() != v1::AckStep::PUBREC && ack.with() != v1::AckStep::PUBREL && known.held > 0)
            --known.held;
    }

    void closed(const v1::Closed &closed)
    {
        KnownLane &known = lane(closed.on());
        if (!closed.old()) {
            known.link = Link::Down;
            known.held = 0;
        }
    }

    void fence(const PlannedStep &planned)
    {
        const v1::Fence &fence = planned.step.fence();
        KnownLane &known = connected(fence.on(), "fence");
        const std::string from = fence.has_from() ? fence.from() : fence.on();
        if (fence.has_from())
            connected(from, "fence");
        if (fence.by() == v1::Fence::SENTINEL)
            sentinel(fence, known, from);
        if (fence.by() == v1::Fence::WITNESS) {
            const KnownLane &witness = connected(fence.witness(), "fence");
            if (!sessionOf(witness).isSubscribed(fence.topic(), false))
                add("fence.witness", "lane \"" + fence.witness() + "\" has no subscription to \"" + fence.topic() + "\"");
        }
        if (fence.by() == v1::Fence::CLOSE)
            known.link = Link::Down;
        const bool publishes = fence.by() == v1::Fence::SENTINEL || fence.by() == v1::Fence::WITNESS;
        if (publishes && fence.cite().empty() && !planned.setup)
            add("fence", "the fence cites nothing to charge what is surplus to");
        m_known.published(fence.topic(), {});
    }

    void sentinel(const v1::Fence &fence, const KnownLane &known, const std::string &from)
    {
        if (known.party != v1::MQTT_CLIENT)
            return add("fence", "a SENTINEL fence is for MQTT_CLIENT lanes: take ACK_ORDER");
        const bool own = lane(from).session == known.session;
        if (!sessionOf(known).isSubscribed(fence.topic(), own))
            add("fence", "a SENTINEL proves nothing here: lane \"" + fence.on() + "\" has no subscription to \"" + fence.topic()
                             + "\"; take WITNESS or PING");
        const std::uint32_t window = known.connect.receive_maximum();
        if (fence.qos() > 0 && window > 0 && known.held >= window)
            add("fence", "a SENTINEL proves nothing here: the window of lane \"" + fence.on() + "\" is full");
    }

    void goRound(const v1::GoRound &round)
    {
        const KnownLane &known = connected(round.on(), "go_round");
        connected(round.from(), "go_round");
        if (!sessionOf(known).isSubscribed(round.topic(), false))
            add("go_round", "lane \"" + round.on() + "\" has no subscription to \"" + round.topic() + "\"");
        for (const std::string &id : round.past())
            bound(round.on(), id, "go_round.past");
        m_known.published(round.topic(), {});
    }

    KnownLane &lane(const std::string &name) { return m_known.lane(name); }
    KnownSession &sessionOf(const KnownLane &known) { return m_known.sessionOf(known); }

    KnownLane &connected(const std::string &name, const std::string &path)
    {
        KnownLane &known = lane(name);
        if (known.link == Link::Down && (known.party == v1::MQTT_CLIENT || known.party == v1::MQTT_BROKER)) {
            add(path, "lane \"" + name + "\" is not connected here");
            known.link = Link::Maybe; // once is enough
        }
        return known;
    }

    void bound(const std::string &on, const std::string &id, const std::string &path)
    {
        if (!id.empty() && sessionOf(lane(on)).symbols.count(id) == 0)
            add(path, "\"" + id + "\" is not bound yet on lane \"" + on + "\"");
    }

    // A check must have a citation in each version in which it runs.
    void cites(const v1::Step &step)
    {
        const Written own = writtenOn(step);
        const bool isV3 = m_variant.versionOf(laneOf(step)) == v1::V3;
        bool whole = false;
        for (const v1::Cite *cite : own.cites) {
            if (!cite->of().empty())
                continue;
            if (isV3 ? cite->has_v3() : cite->has_v5())
                return;
            whole = true;
        }
        if (whole)
            add(own.path + ".cite[0]", isV3 ? "the step also runs on 3.1.1: the citation lacks v3" : "the step also runs on 5.0: the citation lacks v5");
    }

    void versionOfLanes()
    {
        const auto &lanes = m_context.script.scenario.lane();
        for (int i = 0; i < lanes.size(); ++i) {
            if (m_variant.versionOf(lanes[i].name()) == v1::V5)
                continue;
            for (const NewField &field : newFields(lanes[i]))
                say(m_context.script.positions, element("lane", i) + "." + field.path, only5(field.name));
        }
    }

    void version(const v1::Step &step)
    {
        for (const NewField &field : newFields(step))
            add(field.path, only5(field.name));
    }

    static std::string only5(const std::string &field) { return field + " is of 5.0 only, and the step also runs on 3.1.1"; }

    void add(const std::string &path, const std::string &message)
    {
        say(*m_origin->positions, m_origin->path + "." + path, message);
    }

    // Once per place, not once per variant; the first variant is named.
    void say(const Positions &positions, const std::string &path, const std::string &message)
    {
        if (m_said.insert(positions.find(path).text() + message).second)
            m_context.add(positions, path, message + " (" + m_variant.id + ")");
    }

    const LintContext &m_context;
    const Variant &m_variant;
    const std::vector<Origin> &m_origins;
    std::set<std::string> &m_said;
    const Origin *m_origin = nullptr;
    Known m_known;
    bool m_isDown = false; ///< the target, by the script
};

} // namespace

std::vector<Variant> lintPlans(const LintContext &context)
{
    std::vector<Variant> variants;
    const std::vector<Binding> bindings = bindingsOf(context.script.scenario.axes());
    std::set<std::string> said;
    for (const Binding &binding : bindings) {
        std::vector<Origin> origins;
        Problems filling;
        variants.push_back(plan(context.script, binding, &filling, &origins));
        for (const Problem &problem : filling) {
            if (said.insert(problem.at.text() + problem.message).second)
                context.problems.push_back(problem);
        }
        PlanLint(context, variants.back(), origins, said).run();
    }
    return variants;
}

} // namespace hiatus::script
