# Sourced by scenarios/run and tests/run: installs what is missing (Debian 12, root or sudo), configures, builds.
# Without the network it works as long as everything is there.

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }
die() { printf '%s: %s\n' "$0" "$*" >&2; exit 70; }

build_packages="g++ cmake ninja-build pkg-config protobuf-compiler libprotobuf-dev qt6-base-dev qt6-websockets-dev libqt6sql6-sqlite
                libcli11-dev libfmt-dev libexpected-dev libsqlite3-dev"
test_packages="librapidcheck-dev libbenchmark-dev mosquitto mosquitto-clients openssl binutils tshark python3 file dpkg-dev"

# install PACKAGE…: those that are not there yet.
install() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null || die "needs ${missing[*]}, and there is no apt-get to install them with"
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "needs ${missing[*]}; run as root, or install sudo"
        root=(sudo)
    fi
    say "installing ${missing[*]}"
    "${root[@]}" apt-get update -qq >&2 || die "apt-get update failed (no network?); still missing: ${missing[*]}"
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 </dev/null ||
        die "apt-get could not install ${missing[*]}"
}

# build PRESET TESTS TARGET…: configures and builds. TESTS: ON, OFF, or KEEP what the last configuration said (at first:
# OFF), so that a machine without the packages of the tests can build the programs.
build() {
    local preset=$1 tests=$2
    shift 2
    [ "$tests" != KEEP ] || tests=$(sed -n 's/^HIATUS_TESTS:BOOL=//p' "build/$preset/CMakeCache.txt" 2>/dev/null) || tests=OFF
    local launcher=()
    command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    say "configuring ($preset)"
    cmake --preset "$preset" -DHIATUS_TESTS="${tests:-OFF}" "${launcher[@]}" >&2 || die "configuring failed"
    say "building ($preset)"
    cmake --build --preset "$preset" ${1:+--target "$@"} >&2 || die "building failed"
}
