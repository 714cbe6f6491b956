#pragma once
// The other end of the socket: a bare listener, and what its kernel says about the connection.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hiatus::loopback {

/// One accepted connection, non-blocking.
class Peer
{
public:
    explicit Peer(int descriptor) : m_descriptor(descriptor) {}
    ~Peer();
    Peer(const Peer &) = delete;
    Peer &operator=(const Peer &) = delete;

    enum class Told { Nothing, Bytes, End, Reset, Error };
    /// One recv(); bytes are appended to `into`.
    Told receive(std::string &into);
    /// As many as the kernel takes.
    std::size_t send(std::string_view bytes);
    /// FIN.
    void finish();
    /// Segments with data that have arrived, by the kernel's count.
    std::uint32_t dataSegmentsIn() const;
    /// Small, so that a reader that does not read is soon felt.
    void shrinkSendBuffer();

private:
    int m_descriptor;
};

/// A listener on a free port of 127.0.0.1.
class PeerListener
{
public:
    /// Without listening: connections to the port are refused.
    explicit PeerListener(bool listens = true, int backlog = 128);
    ~PeerListener();
    PeerListener(const PeerListener &) = delete;
    PeerListener &operator=(const PeerListener &) = delete;

    std::uint16_t port() const { return m_port; }
    /// The next connection, if one has come.
    std::unique_ptr<Peer> accept();

private:
    int m_descriptor;
    std::uint16_t m_port = 0;
};

} // namespace hiatus::loopback
