#pragma once
#include "scenarios/embed/scenarios.h" // IWYU pragma: export
