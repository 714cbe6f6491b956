#!/usr/bin/env bash
# consumer.sh BUILD SOURCE: installs the build into a directory of its own, builds the consumer against it, runs its tests.
set -uo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cmake --install "$1" --prefix "$dir/installed" >"$dir/install.log" || { cat "$dir/install.log"; exit 1; }
# Nothing of the package may point back to where it was built.
if grep -rnF "$1" "$dir/installed/lib" --include=*.cmake; then echo "the package names its build folder"; exit 1; fi
launcher=()
command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
cmake -S "$2" -B "$dir/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$dir/installed" "${launcher[@]}" >"$dir/configure.log" 2>&1 ||
    { cat "$dir/configure.log"; exit 1; }
cmake --build "$dir/build" >"$dir/build.log" 2>&1 || { cat "$dir/build.log"; exit 1; }
# The installed programs find the installed catalogue.
"$dir/installed/bin/hiatus" run --quiet session_present/table || exit 1
ctest --test-dir "$dir/build" --output-on-failure
