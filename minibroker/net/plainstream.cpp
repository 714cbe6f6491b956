#include "minibroker/net/stream.h"

#include <QSocketNotifier>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>

namespace hiatus::minibroker {

namespace {

class PlainStream final : public Stream
{
public:
    explicit PlainStream(int descriptor);
    ~PlainStream() override { closeDescriptor(); }

    qint64 read(char *data, qint64 size) override;
    void write(std::string_view bytes) override;
    qint64 unwritten() const override { return qint64(m_kept.size() - m_sent); }
    bool isConnected() const override { return m_descriptor >= 0; }
    void shutDown() override { ::shutdown(m_descriptor, SHUT_WR); }
    void close() override { lose(); }
    void reset() override;

private:
    void tellReadable();
    void goOnWriting();
    /// How many bytes are done with: the network took them, or takes none any more.
    std::size_t send(std::string_view bytes);
    void keep(std::string_view bytes);
    void lose();
    void closeDescriptor();

    int m_descriptor;
    QSocketNotifier m_reader;
    std::unique_ptr<QSocketNotifier> m_writer; ///< once it was needed
    std::string m_kept;
    std::size_t m_sent = 0; ///< of what is kept
    bool m_isRead = false;  ///< somebody has read since readable() was told
};

PlainStream::PlainStream(int descriptor) : m_descriptor(descriptor), m_reader(descriptor, QSocketNotifier::Read)
{
    const int on = 1;
    ::setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(m_descriptor, F_SETFL, ::fcntl(m_descriptor, F_GETFL) | O_NONBLOCK);
    QObject::connect(&m_reader, &QSocketNotifier::activated, &m_reader, [this] { tellReadable(); });
}

/// Whoever leaves its input unread is not told of it over and over.
void PlainStream::tellReadable()
{
    m_isRead = false;
    owner()->readable();
    if (!m_isRead)
        m_reader.setEnabled(false);
}

qint64 PlainStream::read(char *data, qint64 size)
{
    if (!isConnected())
        return 0;
    if (!std::exchange(m_isRead, true) && !m_reader.isEnabled())
        m_reader.setEnabled(true);
    const ssize_t count = ::recv(m_descriptor, data, std::size_t(size), 0);
    if (count > 0)
        return count;
    if (count == 0 || (errno != EAGAIN && errno != EINTR))
        lose();
    return 0;
}

void PlainStream::write(std::string_view bytes)
{
    if (!isConnected())
        return;
    if (unwritten() == 0)
        bytes.remove_prefix(send(bytes));
    if (!bytes.empty())
        keep(bytes);
}

std::size_t PlainStream::send(std::string_view bytes)
{
    const ssize_t count = ::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0)
        return std::size_t(count);
    if (errno == EAGAIN || errno == EINTR)
        return 0;
    // The peer is gone. What it sent before that, its DISCONNECT perhaps, is still to be read, and behind it is the end.
    m_reader.setEnabled(true);
    return bytes.size();
}

void PlainStream::keep(std::string_view bytes)
{
    if (m_sent > m_kept.size() / 2) {
        m_kept.erase(0, m_sent);
        m_sent = 0;
    }
    m_kept.append(bytes);
    if (!m_writer) {
        m_writer = std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Write);
        QObject::connect(m_writer.get(), &QSocketNotifier::activated, m_writer.get(), [this] { goOnWriting(); });
    }
    m_writer->setEnabled(true);
}

void PlainStream::goOnWriting()
{
    const std::size_t count = send(std::string_view(m_kept).substr(m_sent));
    if (count == 0)
        return;
    m_sent += count;
    if (unwritten() == 0) {
        m_kept = std::string();
        m_sent = 0;
        m_writer->setEnabled(false);
    }
    owner()->written();
}

void PlainStream::reset()
{
    const linger now{1, 0};
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    lose();
}

void PlainStream::lose()
{
    if (!isConnected())
        return;
    closeDescriptor();
    owner()->lost();
}

void PlainStream::closeDescriptor()
{
    if (!isConnected())
        return;
    m_reader.setEnabled(false);
    if (m_writer)
        m_writer->setEnabled(false);
    ::close(std::exchange(m_descriptor, -1));
}

} // namespace

std::unique_ptr<Stream> plainStream(qintptr descriptor)
{
    return std::make_unique<PlainStream>(int(descriptor));
}

} // namespace hiatus::minibroker
