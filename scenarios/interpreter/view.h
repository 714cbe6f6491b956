#pragma once
// What a track of steps knows and has decided. The root view writes into the trace; a branch of `one_of` works on a view
// of its own, which is committed if the branch wins and forgotten if it does not.

#include "hiatus/v1/report.pb.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hiatus::run {

class View
{
public:
    explicit View(v1::Trace &trace) : m_trace(trace) {}
    explicit View(View &parent) : m_trace(parent.m_trace), m_parent(&parent) {}

    bool isTentative() const { return m_parent != nullptr; }

    bool isConsumed(std::uint32_t event) const;
    void consume(std::uint32_t event, std::uint32_t step);

    /// Names bound by `bind`, and packet identifier symbols (under "session#symbol").
    std::optional<std::string> name(const std::string &name) const;
    void bind(const std::string &name, const std::string &value);
    void forget(const std::string &name);

    void record(const v1::CheckRecord &check);
    void fact(const std::string &name, const std::string &value);
    /// Was a check broken in this view (not in its parents)?
    bool hasBrokenCheck() const { return m_broken; }

    /// Checks recorded here and not committed.
    const std::vector<v1::CheckRecord> &checks() const { return m_checks; }
    void commit();

private:
    v1::Trace &m_trace;
    View *m_parent = nullptr;
    std::map<std::uint32_t, std::uint32_t> m_consumed; ///< event -> step
    std::map<std::string, std::string> m_names;        ///< an empty value hides the parent's
    std::vector<v1::CheckRecord> m_checks;
    std::vector<v1::Fact> m_facts;
    bool m_broken = false;
};

} // namespace hiatus::run
