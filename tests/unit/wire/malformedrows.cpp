#include "malformedrows.h"

namespace hiatus::wire::test {

std::string bytesOf(std::string hex)
{
    std::erase(hex, ' ');
    const std::size_t length = hex.find("LL");
    if (length != std::string::npos) {
        constexpr char Digits[] = "0123456789ABCDEF";
        const std::size_t rest = (hex.size() - length - 2) / 2;
        hex[length] = Digits[rest >> 4 & 0xF];
        hex[length + 1] = Digits[rest & 0xF];
    }
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    return bytes;
}

} // namespace hiatus::wire::test
