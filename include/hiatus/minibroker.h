#pragma once
#include "minibroker/net/minibroker.h" // IWYU pragma: export
