#pragma once
// Many parties against one broker, some of them at once, over epoll: little work of our own, so that the broker is what
// takes the time.

#include "proto/wire/decoder.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hiatus::bench {

/// What one party does.
struct Part
{
    /// The first bytes of party `index`.
    std::function<std::string(int index)> hello;
    /// A packet for it came; bytes to send are appended. True: it leaves once they are sent.
    std::function<bool(int index, const v1::Packet &packet, std::string &out)> hear;
};

class Fleet
{
public:
    Fleet(std::uint16_t port, v1::Version version, int width);
    ~Fleet();
    Fleet(const Fleet &) = delete;
    Fleet &operator=(const Fleet &) = delete;

    /// Runs `count` parties, at most `width` at once. Error: what went wrong; empty: nothing.
    std::string run(int count, const Part &part);

private:
    struct Link
    {
        Link(int descriptor, int number, v1::Version version)
            : fd(descriptor), index(number), decoder(wire::Direction::ToClient, version)
        {
            decoder.setKeepBytes(false);
        }
        int fd = -1;
        int index = 0;
        wire::Decoder decoder;
        std::string out;
        bool leaving = false;
    };

    bool dial(int index, const Part &part);
    /// False: the connection is over.
    bool read(Link &link, const Part &part);
    bool write(Link &link);
    void drop(Link &link);

    std::uint16_t m_port;
    v1::Version m_version;
    int m_width;
    int m_epoll = -1;
    std::vector<std::unique_ptr<Link>> m_links; ///< by descriptor
    int m_open = 0;
    std::string m_problem;
};

} // namespace hiatus::bench
