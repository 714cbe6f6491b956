// TCP on a bare descriptor: QTcpSocket would read ahead, and sends FIN or RST as its buffers have it.

#include "scenarios/world/networklink.h"

#include <QSocketNotifier>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <utility>

namespace hiatus::world {

namespace {

std::string errorText(int error)
{
    std::array<char, 128> buffer{};
    return ::strerror_r(error, buffer.data(), buffer.size());
}

/// Fills the address in; returns its length.
socklen_t fill(sockaddr_storage &storage, const QHostAddress &host, std::uint16_t port)
{
    bool isV4 = false;
    const quint32 v4 = host.toIPv4Address(&isV4);
    if (isV4) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(v4);
        std::memcpy(&storage, &address, sizeof address);
        return sizeof address;
    }
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    const Q_IPV6ADDR v6 = host.toIPv6Address();
    std::memcpy(&address.sin6_addr, &v6, sizeof v6);
    std::memcpy(&storage, &address, sizeof address);
    return sizeof address;
}

class PlainLink final : public NetworkLink
{
public:
    PlainLink() = default;
    explicit PlainLink(int accepted);
    ~PlainLink() override;

    void start(const QHostAddress &host, std::uint16_t port) override;
    void write(std::string bytes) override;
    void shutdown() override;
    void reset() override;
    void stopReading() override;
    void resumeReading() override;
    void giveUp(const std::string &why) override { endSoon(Ending::Refused, why); }

private:
    bool isUp() const { return m_descriptor >= 0 && m_isOpen; }
    void connected();
    void beginReading();
    void readable();
    void writePending();
    void finish();
    void close();
    void end(Ending how, const std::string &why);
    void endSoon(Ending how, const std::string &why);

    int m_descriptor = -1;
    bool m_isOpen = false;
    std::unique_ptr<QSocketNotifier> m_reader;
    std::unique_ptr<QSocketNotifier> m_writer;
    std::deque<std::string> m_pending;
    bool m_isReading = true;
    bool m_wantsFin = false;
    bool m_isEnded = false;
};

PlainLink::~PlainLink()
{
    m_reader.reset();
    m_writer.reset();
    close();
}

PlainLink::PlainLink(int accepted) : m_descriptor(accepted), m_isOpen(true)
{
    const int on = 1;
    ::setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(m_descriptor, F_SETFL, ::fcntl(m_descriptor, F_GETFL) | O_NONBLOCK);
    m_writer = std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Write);
    m_writer->setEnabled(false);
    connect(m_writer.get(), &QSocketNotifier::activated, this, &PlainLink::writePending);
    beginReading();
}

void PlainLink::start(const QHostAddress &host, std::uint16_t port)
{
    sockaddr_storage storage{};
    const socklen_t length = fill(storage, host, port);
    m_descriptor = ::socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (m_descriptor < 0)
        return endSoon(Ending::Refused, "no socket: " + errorText(errno));
    const int on = 1;
    ::setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // NOLINTNEXTLINE: what the sockets interface wants
    if (::connect(m_descriptor, reinterpret_cast<const sockaddr *>(&storage), length) != 0 && errno != EINPROGRESS)
        return endSoon(Ending::Refused, errorText(errno));
    m_writer = std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Write);
    connect(m_writer.get(), &QSocketNotifier::activated, this, [this] { m_isOpen ? writePending() : connected(); });
}

void PlainLink::connected()
{
    int error = 0;
    socklen_t length = sizeof error;
    ::getsockopt(m_descriptor, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0)
        return end(Ending::Refused, errorText(error));
    m_isOpen = true;
    beginReading();
    writePending();
    m_events.opened();
}

void PlainLink::beginReading()
{
    m_reader = std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Read);
    m_reader->setEnabled(m_isReading);
    connect(m_reader.get(), &QSocketNotifier::activated, this, &PlainLink::readable);
}

void PlainLink::readable()
{
    std::array<char, 64 * 1024> buffer;
    const ssize_t count = ::recv(m_descriptor, buffer.data(), buffer.size(), 0);
    if (count > 0)
        return m_events.received({buffer.data(), std::size_t(count)});
    if (count == 0)
        return end(Ending::Closed, "closed by the peer");
    if (errno != EAGAIN && errno != EINTR)
        end(Ending::Reset, errorText(errno));
}

void PlainLink::write(std::string bytes)
{
    if (m_isEnded || m_wantsFin || bytes.empty())
        return;
    m_pending.push_back(std::move(bytes));
    if (isUp())
        writePending();
}

void PlainLink::writePending()
{
    while (!m_pending.empty()) {
        std::string &front = m_pending.front();
        const ssize_t count = ::send(m_descriptor, front.data(), front.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == EAGAIN)
            return m_writer->setEnabled(true);
        if (count < 0) {
            m_pending.clear(); // the reader tells how the connection ended
            break;
        }
        if (std::size_t(count) < front.size())
            front.erase(0, std::size_t(count));
        else
            m_pending.pop_front();
    }
    m_writer->setEnabled(false);
    finish();
}

void PlainLink::finish()
{
    if (m_wantsFin && isUp() && m_pending.empty())
        ::shutdown(m_descriptor, SHUT_WR);
}

void PlainLink::shutdown()
{
    if (m_wantsFin)
        return;
    m_wantsFin = true;
    finish();
}

void PlainLink::reset()
{
    if (m_descriptor >= 0) {
        const linger now{1, 0};
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    endSoon(Ending::Reset, "reset by us");
}

void PlainLink::stopReading()
{
    m_isReading = false;
    if (m_reader)
        m_reader->setEnabled(false);
}

void PlainLink::resumeReading()
{
    m_isReading = true;
    if (m_reader)
        m_reader->setEnabled(true);
}

void PlainLink::close()
{
    // A notifier may be the very one that called us.
    for (auto *notifier : {&m_reader, &m_writer})
        if (*notifier) {
            (*notifier)->setEnabled(false);
            notifier->release()->deleteLater();
        }
    m_pending.clear();
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    m_descriptor = -1;
    m_isOpen = false;
}

void PlainLink::end(Ending how, const std::string &why)
{
    if (std::exchange(m_isEnded, true))
        return;
    close();
    m_events.ended(how, why);
}

void PlainLink::endSoon(Ending how, const std::string &why)
{
    if (std::exchange(m_isEnded, true))
        return;
    close();
    QMetaObject::invokeMethod(this, [this, how, why] { m_events.ended(how, why); }, Qt::QueuedConnection);
}

} // namespace

std::unique_ptr<NetworkLink> makePlainLink()
{
    return std::make_unique<PlainLink>();
}

std::unique_ptr<NetworkLink> makeAcceptedLink(int descriptor)
{
    return std::make_unique<PlainLink>(descriptor);
}

} // namespace hiatus::world
