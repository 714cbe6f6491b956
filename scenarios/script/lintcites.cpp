#include "scenarios/script/fields.h"
#include "scenarios/script/lintrules.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>

namespace hiatus::script {

namespace {

const char *versionName(v1::Version version)
{
    return version == v1::V3 ? "3.1.1" : "5.0";
}

const char *sideName(v1::Role role)
{
    return role == v1::CLIENT ? "client" : "server";
}

v1::Role other(v1::Role role)
{
    return role == v1::CLIENT ? v1::SERVER : v1::CLIENT;
}

/// Checks that are no field of a packet: order, time, surplus, copies, or a packet that is missing or came instead.
bool isCheckName(const std::string &of)
{
    static constexpr std::array Names{"order",   "due",    "surplus",     "copies",   "publish",  "puback",    "pubrec",
                                      "pubrel",  "pubcomp", "connack",    "suback",   "unsuback", "disconnect", "close",   "sentinel",
                                      "connect", "subscribe", "unsubscribe", "pingreq", "pingresp", "user_property.order"};
    return std::any_of(Names.begin(), Names.end(), [&of](const char *name) { return of == name; });
}

class CiteLint
{
public:
    explicit CiteLint(const LintContext &context) : m_context(context), m_role(context.script.scenario.role())
    {
        if (m_role == v1::ROLE_UNSPECIFIED)
            m_role = v1::SERVER;
    }

    void run()
    {
        const auto &surplus = m_context.script.scenario.surplus();
        for (int i = 0; i < surplus.size(); ++i)
            cite(m_context.script.positions, element("surplus", i), surplus[i], nullptr);
        forEachWrittenStep(m_context.script, [this](const WrittenStep &written) { step(written); });
    }

private:
    void step(const WrittenStep &written)
    {
        const Written own = writtenOn(written.step);
        for (std::size_t i = 0; i < own.cites.size(); ++i) {
            const std::string at = written.path + "." + element(own.path + ".cite", static_cast<int>(i));
            cite(written.positions, at, *own.cites[i], checkedBy(written.step));
        }
        if (written.step.has_all_of()) {
            members(written, written.step.all_of().take(), written.path + ".all_of.take");
            members(written, written.step.all_of().expect(), written.path + ".all_of.expect");
        }
        for (int i = 0; i < written.step.one_of().branch_size(); ++i) {
            const auto &should = written.step.one_of().branch(i).should();
            const std::string at = element(written.path + ".one_of.branch", i) + ".should";
            for (int k = 0; k < should.size(); ++k)
                cite(written.positions, element(at, k), should[k], nullptr);
        }
    }

    void members(const WrittenStep &written, const google::protobuf::RepeatedPtrField<v1::Expect> &list, const std::string &path)
    {
        for (int i = 0; i < list.size(); ++i) {
            const auto *pattern = patternOf(list[i]);
            for (int k = 0; k < list[i].cite_size(); ++k)
                cite(written.positions, element(element(path, i) + ".cite", k), list[i].cite(k),
                     pattern ? pattern->GetDescriptor() : nullptr);
        }
    }

    /// The packet whose fields the step's checks are about; null if any name will do.
    static const google::protobuf::Descriptor *checkedBy(const v1::Step &step)
    {
        const google::protobuf::Message *pattern = nullptr;
        if (step.has_open())
            return v1::Connack::descriptor();
        if (step.has_closed())
            return v1::Disconnect::descriptor();
        if (step.has_accept())
            return v1::Connect::descriptor();
        if (step.has_subscribe() || step.has_unsubscribe())
            return v1::Suback::descriptor();
        if (step.has_publish())
            return v1::Ack::descriptor();
        if (step.has_go_round() || step.expect().has_stream() || step.take().has_stream())
            return v1::Publish::descriptor();
        if (step.has_expect())
            pattern = patternOf(step.expect());
        if (step.has_take())
            pattern = patternOf(step.take());
        return pattern ? pattern->GetDescriptor() : nullptr;
    }

    void cite(const Positions &positions, const std::string &at, const v1::Cite &cite, const google::protobuf::Descriptor *checked)
    {
        if (!cite.has_v3() && !cite.has_v5())
            m_context.add(positions, at, "a citation says v3, v5 or both");
        if (!cite.of().empty() && !isCheckName(cite.of()) && !(checked && fieldAt(*checked, cite.of())))
            m_context.add(positions, at + ".of", "there is no check \"" + cite.of() + "\" here");
        if (m_role == v1::PAIR && !cite.has_role())
            return m_context.add(positions, at, "a citation of a PAIR scenario says which side it binds: role");
        const v1::Role role = cite.has_role() ? cite.role() : m_role;
        if (m_role != v1::PAIR && role != m_role)
            m_context.add(positions, at + ".role", std::string("the scenario judges the ") + sideName(m_role));
        if (cite.has_v3())
            statement(positions, at + ".v3", v1::V3, cite.v3(), role);
        if (cite.has_v5())
            statement(positions, at + ".v5", v1::V5, cite.v5(), role);
    }

    void statement(const Positions &positions, const std::string &at, v1::Version version, const std::string &id, v1::Role role)
    {
        if (!m_context.requirements)
            return;
        if (const v1::Requirement *row = m_context.requirements(version, id, role)) {
            if (row->severity() == v1::SEVERITY_FACT)
                m_context.add(positions, at, id + " is a freedom in " + versionName(version) + ": nothing can be charged to it");
            return;
        }
        if (m_context.requirements(version, id, other(role)))
            m_context.add(positions, at, id + " of " + versionName(version) + " binds the " + sideName(other(role)) + ", not the "
                                             + sideName(role));
        else
            m_context.add(positions, at, "no statement " + id + " in the catalogue of " + versionName(version));
    }

    const LintContext &m_context;
    v1::Role m_role;
};

} // namespace

void lintCites(const LintContext &context)
{
    CiteLint(context).run();
}

} // namespace hiatus::script
