#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hiatus::world {

/// Ports of 127.0.0.1 that nobody listens on now, all different.
std::vector<std::uint16_t> freePorts(std::size_t count);

} // namespace hiatus::world
