#pragma once
// Does the target answer anybody at all? A connection of its own asks for a sign of life, so that a machine that stands still is
// not taken for a message that was lost.

#include "scenarios/world/networkhub.h"

#include <QTimer>

#include <memory>
#include <utility>
#include <vector>

namespace hiatus::world {

/// PINGREQ twice a second, on a connection with a clean session. It connects again when the target is restarted, and gives up
/// after a while if it is never let in.
class Pulse : public QObject
{
    Q_OBJECT

public:
    explicit Pulse(NetworkHub &hub);
    ~Pulse() override;

    /// The longest that an answer took, of those due since then; one that is still due counts as far as it is.
    Milliseconds worst(Time since) const;

private:
    void beat();
    void ask(std::string bytes);
    void answered();
    void ended();
    std::string connectBytes() const;

    NetworkHub &m_hub;
    v1::Version m_version = v1::V3; ///< the other one, where nobody is let in with this
    std::unique_ptr<NetworkLink> m_link;
    QTimer m_timer;
    std::vector<std::pair<Time, Milliseconds>> m_waits; ///< when an answer came that took long, and how long
    Time m_asked{};
    bool m_isOpen = false;
    bool m_isWaiting = false;
    bool m_isIn = false;     ///< PINGREQ was answered on this connection
    bool m_isGreeted = false; ///< and CONNECT
    unsigned m_failures = 0; ///< connections in a row on which PINGREQ was not answered
};

} // namespace hiatus::world
