#include "scenarios/world/freeports.h"

#include <QTcpServer>

#include <memory>

namespace hiatus::world {

std::vector<std::uint16_t> freePorts(std::size_t count)
{
    std::vector<std::unique_ptr<QTcpServer>> holders; // held together, so that no two are the same
    std::vector<std::uint16_t> ports;
    while (ports.size() < count) {
        holders.push_back(std::make_unique<QTcpServer>());
        if (!holders.back()->listen(QHostAddress::LocalHost))
            break;
        ports.push_back(holders.back()->serverPort());
    }
    return ports;
}

} // namespace hiatus::world
