#include "scenarios/interpreter/view.h"

namespace hiatus::run {

bool View::isConsumed(std::uint32_t event) const
{
    return m_consumed.count(event) || (m_parent && m_parent->isConsumed(event));
}

void View::consume(std::uint32_t event, std::uint32_t step)
{
    m_consumed[event] = step;
    if (!m_parent)
        m_trace.mutable_event(static_cast<int>(event))->set_step(step);
}

std::optional<std::string> View::name(const std::string &name) const
{
    const auto found = m_names.find(name);
    if (found != m_names.end())
        return found->second.empty() ? std::nullopt : std::optional(found->second);
    return m_parent ? m_parent->name(name) : std::nullopt;
}

void View::bind(const std::string &name, const std::string &value) { m_names[name] = value; }

void View::forget(const std::string &name) { m_names[name].clear(); }

void View::record(const v1::CheckRecord &check)
{
    if (check.outcome() != v1::CheckRecord::MET && check.outcome() != v1::CheckRecord::SHOULD)
        m_broken = true;
    if (m_parent)
        m_checks.push_back(check);
    else
        *m_trace.add_check() = check;
}

void View::fact(const std::string &name, const std::string &value)
{
    v1::Fact fact;
    fact.set_name(name);
    fact.set_value(value);
    if (m_parent)
        m_facts.push_back(fact);
    else
        *m_trace.add_fact() = fact;
}

void View::commit()
{
    if (!m_parent)
        return;
    for (const auto &[event, step] : m_consumed)
        m_parent->consume(event, step);
    for (const auto &[name, value] : m_names)
        m_parent->bind(name, value);
    for (const auto &check : m_checks)
        m_parent->record(check);
    for (const auto &fact : m_facts)
        m_parent->fact(fact.name(), fact.value());
}

} // namespace hiatus::run
