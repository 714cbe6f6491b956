# Sourced by scenarios/run and tests/run: installs what is missing (Debian 12, root or sudo), configures, builds.
# Without the network it works as long as everything is there.

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }
die() { printf '%s: %s\n' "$0" "$*" >&2; exit 70; }

build_packages="g++ cmake ninja-build pkg-config protobuf-compiler libprotobuf-dev qt6-base-dev libqt6sql6-sqlite
                libcli11-dev libfmt-dev libexpected-dev libsqlite3-dev"
test_packages="librapidcheck-dev qt6-websockets-dev libbenchmark-dev mosquitto mosquitto-clients ejabberd rabbitmq-server openssl binutils tshark python3
               file dpkg-dev libpaho-mqtt-dev python3-paho-mqtt python3-protobuf chromium"
command -v npm >/dev/null || test_packages+=" nodejs npm" # whose npm, does not matter

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
    without_services "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 </dev/null ||
        die "apt-get could not install ${missing[*]}"
    # Nor shall the brokers start at the next boot; a service that was there before is not in the list.
    for package in "${missing[@]}"; do
        case $package in mosquitto | ejabberd | rabbitmq-server)
            ! command -v systemctl >/dev/null || "${root[@]}" systemctl --quiet disable "$package" 2>/dev/null || true ;;
        esac
    done
}

# without_services COMMAND…: packages of brokers start them when they are installed. Not here: the tests start their own,
# and where there is no init the installation would fail. The subshell takes the policy away again, whatever happens.
without_services() (
    policy=/usr/sbin/policy-rc.d
    privileged=()
    [ "$(id -u)" -eq 0 ] || privileged=(sudo)
    if [ ! -e $policy ]; then
        trap '"${privileged[@]}" rm -f $policy' EXIT
        printf '#!/bin/sh\nexit 101\n' | "${privileged[@]}" tee $policy >/dev/null
        "${privileged[@]}" chmod 755 $policy
    fi
    "$@"
)

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
