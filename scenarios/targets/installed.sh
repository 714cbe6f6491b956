# Sourced: installed NAME says whether the broker of scenarios/targets/NAME can be started here, and gets aedes from npm first.
# HIATUS_MINIBROKER and HIATUS_AEDES, which the profiles name, say where; they have to be set. Status: 0 it is there; 77 it is not, or npm
# cannot reach its registry, and a sentence says so; 1 it should be there and is not.
installed() {
    local name=$1 targets needs
    targets=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
    case $name in
    mosquitto) needs=/usr/sbin/mosquitto ;;
    ejabberd) needs=/usr/sbin/ejabberdctl ;;
    rabbitmq) needs=/usr/lib/rabbitmq/bin/rabbitmq-server ;;
    minibroker) needs=$HIATUS_MINIBROKER ;;
    aedes*) installed_aedes "$targets/aedes"; return ;;
    *) return 0 ;;
    esac
    [ -e "$needs" ] && return
    echo "$name is not installed ($needs)"
    return 77
}

# Both versions come in one go; two that ask at once wait for each other.
installed_aedes() (
    exec 9>"$HIATUS_AEDES.lock" && flock 9
    [ ! -e "$HIATUS_AEDES/node_modules/.package-lock.json" ] || exit 0
    command -v npm >/dev/null || { echo "aedes comes from npm, and npm is not installed"; exit 1; }
    mkdir -p "$HIATUS_AEDES" && cp "$1/package.json" "$1/package-lock.json" "$HIATUS_AEDES"
    said=$(npm ci --prefix "$HIATUS_AEDES" --no-audit --no-fund --fetch-retries=1 2>&1) && exit 0
    echo "$said"
    grep -qE 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ECONNRESET' <<<"$said" || exit 1
    echo "npm cannot reach its registry: aedes is not checked"
    exit 77
)
