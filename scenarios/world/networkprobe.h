#pragma once

#include "scenarios/world/networkhub.h"

#include "proto/wire/decoder.h"

namespace hiatus::world {

/// Asks the target for a CONNACK, address by address and version by version; deletes itself once it has answered.
class NetworkProbe : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(tl::expected<Probed, std::string>)>;

    NetworkProbe(NetworkHub &hub, Done done);
    ~NetworkProbe() override;

    void start();

private:
    void connectNext();
    void opened();
    void received(std::string_view bytes);
    void ended(Ending how, const std::string &why);
    void timedOut();
    /// This attempt found something other than a broker: the next attempt, or the answer.
    void next(const std::string &problem);
    void finish(tl::expected<Probed, std::string> answer);
    std::string speaks() const;

    NetworkHub &m_hub;
    Done m_done;
    std::unique_ptr<NetworkLink> m_link;
    QTimer m_timer;
    std::vector<QHostAddress> m_left;
    QHostAddress m_address;
    v1::Version m_version = v1::V3;
    wire::Decoder m_decoder{wire::Direction::ToClient, v1::V3};
    std::string m_bytes; ///< the first ones that came
    std::string m_problem;
    Time m_sentAt;
    bool m_isOpen = false;
    bool m_isSettled = false; ///< this attempt has its outcome
};

} // namespace hiatus::world
