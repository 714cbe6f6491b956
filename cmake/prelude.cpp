// Exists for the headers that are precompiled with it: HiatusTargets.cmake.
