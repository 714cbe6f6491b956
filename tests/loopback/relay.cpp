#include "tests/loopback/relay.h"

#include <arpa/inet.h>
#include <sys/socket.h>

namespace hiatus::loopback {

namespace {

std::unique_ptr<Peer> connected(std::uint16_t port)
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    ::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address); // NOLINT: the sockets interface
    return std::make_unique<Peer>(descriptor);
}

} // namespace

void Relay::turn()
{
    if (!m_client) {
        m_client = m_listener.accept();
        if (m_client)
            m_server = connected(m_toPort);
    }
    if (!m_client)
        return;
    pass(*m_client, *m_server, m_toServer, m_clientEnd);
    if (!m_isHeld)
        pass(*m_server, *m_client, m_toClient, m_serverEnd);
}

void Relay::pass(Peer &from, Peer &to, std::string &pending, Peer::Told &end)
{
    if (end != Peer::Told::Nothing)
        return;
    const Peer::Told told = from.receive(pending);
    if (!pending.empty()) // an empty send() would take the error that the next receive() is to see
        pending.erase(0, to.send(pending));
    if (told == Peer::Told::Nothing || told == Peer::Told::Bytes)
        return;
    end = told;
    to.finish();
}

} // namespace hiatus::loopback
