#pragma once

#include "tests/loopback/peer.h"

#include <memory>
#include <string>

namespace hiatus::loopback {

/// A wire between a client and a server that hands bytes on and sees, by the kernel's word, how each side ends it: what FIN
/// and RST are is the same below TLS and WebSocket.
class Relay
{
public:
    explicit Relay(std::uint16_t toPort) : m_toPort(toPort) {}

    std::uint16_t port() const { return m_listener.port(); }
    /// Hands on what there is; one connection at a time.
    void turn();
    /// What the server sends waits here.
    void hold(bool isHeld) { m_isHeld = isHeld; }
    /// How that side ended, or Nothing.
    Peer::Told clientEnd() const { return m_clientEnd; }
    Peer::Told serverEnd() const { return m_serverEnd; }

private:
    static void pass(Peer &from, Peer &to, std::string &pending, Peer::Told &end);

    std::uint16_t m_toPort;
    PeerListener m_listener;
    std::unique_ptr<Peer> m_client;
    std::unique_ptr<Peer> m_server;
    bool m_isHeld = false;
    std::string m_toClient, m_toServer;
    Peer::Told m_clientEnd = Peer::Told::Nothing;
    Peer::Told m_serverEnd = Peer::Told::Nothing;
};

} // namespace hiatus::loopback
