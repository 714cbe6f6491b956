#include "tests/bench/fleet.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace hiatus::bench {

namespace {
constexpr int Patience = 60'000; // milliseconds; bounds a failure only
}

Fleet::Fleet(std::uint16_t port, v1::Version version, int width)
    : m_port(port), m_version(version), m_width(width), m_epoll(::epoll_create1(EPOLL_CLOEXEC))
{
}

Fleet::~Fleet()
{
    for (auto &link : m_links)
        if (link)
            ::close(link->fd);
    ::close(m_epoll);
}

std::string Fleet::run(int count, const Part &part)
{
    int next = 0;
    std::array<epoll_event, 512> events{};
    while ((next < count || m_open > 0) && m_problem.empty()) {
        while (next < count && m_open < m_width && dial(next, part))
            ++next;
        const int come = ::epoll_wait(m_epoll, events.data(), int(events.size()), Patience);
        if (come == 0)
            return "the broker fell silent";
        for (int i = 0; i < come; ++i) {
            auto *link = m_links[std::size_t(events[std::size_t(i)].data.fd)].get();
            if (link && !(read(*link, part) && write(*link)))
                drop(*link);
        }
    }
    return m_problem;
}

bool Fleet::dial(int index, const Part &part)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(m_port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
        m_problem = "cannot connect";
        return false;
    }
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (std::size_t(fd) >= m_links.size())
        m_links.resize(std::size_t(fd) + 1);
    m_links[std::size_t(fd)] = std::make_unique<Link>(fd, index, m_version);
    ++m_open;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, fd, &event);
    m_links[std::size_t(fd)]->out = part.hello(index);
    return write(*m_links[std::size_t(fd)]);
}

bool Fleet::read(Link &link, const Part &part)
{
    std::array<char, 65536> buffer;
    const auto size = ::recv(link.fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0)
        return errno == EAGAIN;
    if (size == 0) {
        if (!link.leaving)
            m_problem = "the broker closed a connection";
        return false;
    }
    link.decoder.feed({buffer.data(), std::size_t(size)});
    while (auto result = link.decoder.next()) {
        const auto *frame = std::get_if<wire::Frame>(&*result);
        if (!frame) {
            m_problem = "the broker sent no packet: " + std::get<wire::Malformed>(*result).text;
            return false;
        }
        link.leaving = part.hear(link.index, frame->packet, link.out) || link.leaving;
    }
    return true;
}

/// Blocks while the broker reads slowly: then it is the broker that is measured. A party that leaves waits for its end.
bool Fleet::write(Link &link)
{
    for (std::size_t done = 0; done < link.out.size();) {
        const auto size = ::send(link.fd, link.out.data() + done, link.out.size() - done, MSG_NOSIGNAL);
        if (size < 0)
            return false;
        done += std::size_t(size);
    }
    link.out.clear();
    return true;
}

void Fleet::drop(Link &link)
{
    const int fd = link.fd;
    ::close(fd);
    m_links[std::size_t(fd)].reset();
    --m_open;
}

} // namespace hiatus::bench
