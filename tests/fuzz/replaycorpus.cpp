// Every file of a corpus through the codec, with any compiler. A seed is named by its bytes in hex, so that a listing
// of the folder can be read; names and bytes that part are an error.

#include "exercise.h"

#include "proto/wire/text.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

std::string nameOf(const std::string &bytes)
{
    std::string name = hiatus::wire::hex(bytes);
    std::erase(name, ' ');
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return name;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
        return 64;
    }
    int files = 0;
    for (const auto &entry : std::filesystem::directory_iterator(argv[1])) {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
        if (nameOf(bytes) != entry.path().filename()) {
            std::fprintf(stderr, "%s contains %s\n", entry.path().c_str(), nameOf(bytes).c_str());
            return 1;
        }
        hiatus::wire::test::exercise(bytes);
        ++files;
    }
    std::printf("%d files\n", files);
    return files > 0 ? 0 : 1;
}
