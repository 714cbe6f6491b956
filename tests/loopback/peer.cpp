#include "tests/loopback/peer.h"

#include <arpa/inet.h>
#include <linux/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace hiatus::loopback {

namespace {
constexpr int TcpLevel = 6; // IPPROTO_TCP: its header and linux/tcp.h exclude each other
}

Peer::~Peer()
{
    ::close(m_descriptor);
}

Peer::Told Peer::receive(std::string &into)
{
    std::array<char, 256 * 1024> buffer;
    const ssize_t count = ::recv(m_descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count > 0) {
        into.append(buffer.data(), std::size_t(count));
        return Told::Bytes;
    }
    if (count == 0)
        return Told::End;
    if (errno == EAGAIN)
        return Told::Nothing;
    return errno == ECONNRESET ? Told::Reset : Told::Error;
}

std::size_t Peer::send(std::string_view bytes)
{
    const ssize_t count = ::send(m_descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return count < 0 ? 0 : std::size_t(count);
}

void Peer::finish()
{
    ::shutdown(m_descriptor, SHUT_WR);
}

std::uint32_t Peer::dataSegmentsIn() const
{
    tcp_info info{};
    socklen_t length = sizeof info;
    return ::getsockopt(m_descriptor, TcpLevel, TCP_INFO, &info, &length) == 0 ? info.tcpi_data_segs_in : 0;
}

void Peer::shrinkSendBuffer()
{
    const int bytes = 8 * 1024;
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

PeerListener::PeerListener(bool listens, int backlog) : m_descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address); // NOLINT: the sockets interface
    ::bind(m_descriptor, generic, length);
    ::getsockname(m_descriptor, generic, &length);
    m_port = ntohs(address.sin_port);
    if (listens)
        ::listen(m_descriptor, backlog);
}

PeerListener::~PeerListener()
{
    ::close(m_descriptor);
}

std::unique_ptr<Peer> PeerListener::accept()
{
    pollfd ready{m_descriptor, POLLIN, 0};
    if (::poll(&ready, 1, 0) != 1)
        return nullptr;
    const int descriptor = ::accept(m_descriptor, nullptr, nullptr);
    return descriptor < 0 ? nullptr : std::make_unique<Peer>(descriptor);
}

} // namespace hiatus::loopback
