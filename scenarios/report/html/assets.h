#pragma once
// page.css and page.js, put into the program by the build.

#include <string_view>

namespace hiatus::report::html {

std::string_view pageStyle();
std::string_view pageScript();

} // namespace hiatus::report::html
