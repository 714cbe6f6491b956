#pragma once
#include "client/net/client.h" // IWYU pragma: export
