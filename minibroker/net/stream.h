#pragma once
// The bytes of one accepted connection, both ways. Plain calls in place of signals: those cost more memory in each of ten
// thousand connections than all the rest.

#include <QtGlobal>

#include <memory>
#include <string_view>

class QTcpSocket;

namespace hiatus::minibroker {

/// Who has the stream. It may end the stream in each of these, but must not delete it.
class StreamOwner
{
public:
    virtual ~StreamOwner() = default;
    /// Not before the event loop's next turn: a new connection must not overtake what older ones have sent already.
    virtual void readable() = 0;
    virtual void written() = 0;
    /// Once, when the connection is gone, whoever ended it. What came before can still be read.
    virtual void lost() = 0;
};

class Stream
{
public:
    virtual ~Stream() = default;
    /// Before the event loop's next turn.
    void setOwner(StreamOwner *owner) { m_owner = owner; }

    /// What has come, at most `size` bytes; 0: nothing more for now. readable() is told again only once this was called.
    virtual qint64 read(char *data, qint64 size) = 0;
    /// What the network does not take at once is kept and goes out by itself; written() tells of it.
    virtual void write(std::string_view bytes) = 0;
    /// Bytes kept.
    virtual qint64 unwritten() const = 0;
    virtual bool isConnected() const = 0;
    /// FIN; the peer may still send. Once nothing is kept.
    virtual void shutDown() = 0;
    /// The connection ends here, in order as far as unread input lets it: lost() is told at once.
    virtual void close() = 0;
    /// RST: the same.
    virtual void reset() = 0;

protected:
    StreamOwner *owner() const { return m_owner; }

private:
    StreamOwner *m_owner = nullptr;
};

/// TCP on a descriptor, which it takes over. (QTcpSocket would do, but for buffers of 48 KiB in every connection.)
std::unique_ptr<Stream> plainStream(qintptr descriptor);
/// A socket that has an order of its own: TLS. Takes it over.
std::unique_ptr<Stream> socketStream(QTcpSocket *socket);

} // namespace hiatus::minibroker
