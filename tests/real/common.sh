# Sourced: starts brokers on free ports, and stops them at the end.
dir=$(mktemp -d)
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
    wait 2>/dev/null
    [ -z "${rabbitmq_epmd:-}" ] || ERL_EPMD_PORT=$rabbitmq_epmd epmd -kill >/dev/null 2>&1
    rm -rf "$dir"
}
trap cleanup EXIT

# start_minibroker LOG PROGRAM ARGUMENT…: sets $port.
start_minibroker() {
    local log=$dir/$1
    shift
    : >"$log"
    "$@" --port 0 >>"$log" 2>&1 &
    pids+=($!)
    # The ready line is the event; tail ends at the first match or the deadline.
    port=$(timeout 20 tail -n +1 -f "$log" | grep -m1 -oE 'listening on [^ ]*:[0-9]+' | grep -oE '[0-9]+$')
    [ -n "$port" ] || { echo "the minibroker did not start:"; cat "$log"; exit 1; }
}

# start_mosquitto: on a port that was free a moment ago; tried again should somebody have taken it. Sets $port. Everybody may
# come without a name; of names it knows "hiatus" only.
start_mosquitto() {
    local try
    for try in 1 2 3 4 5; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 40000))
        mkdir -p "$dir/store"
        mosquitto_passwd -b -c "$dir/passwords" hiatus secret 2>/dev/null
        printf 'listener %s 127.0.0.1\nuser %s\nallow_anonymous true\npassword_file %s\npersistence false\nmax_queued_messages 0\nlog_dest stderr\n' \
            "$port" "$(id -un)" "$dir/passwords" >"$dir/mosquitto.conf"
        : >"$dir/mosquitto.log"
        /usr/sbin/mosquitto -c "$dir/mosquitto.conf" >>"$dir/mosquitto.log" 2>&1 &
        local pid=$!
        pids+=($pid)
        grep -m1 -q ' running$' < <(timeout 10 tail --pid="$pid" -n +1 -f "$dir/mosquitto.log") && return
    done
    echo "mosquitto did not start:"
    cat "$dir/mosquitto.log"
    exit 1
}

# free_port: a port that was free a moment ago.
free_port() {
    local port
    while :; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 40000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo $port; return; }
    done
}

# start_rabbitmq: Debian's, with its MQTT plugin (3.1.1), nodes, ports and folders of its own. Sets $port.
start_rabbitmq() {
    local home=/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin
    [ -x "$(echo $home/rabbitmq-server)" ] || { echo "rabbitmq-server is not installed"; exit 77; }
    local base=$dir/rabbitmq
    mkdir -p "$base/home" "$base/mnesia" "$base/log"
    port=$(free_port)
    local amqp dist epmd
    amqp=$(free_port) dist=$(free_port) epmd=$(free_port)
    printf '[rabbitmq_mqtt].\n' >"$base/plugins"
    cat >"$base/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$amqp
mqtt.listeners.tcp.1 = 127.0.0.1:$port
mqtt.allow_anonymous = true
log.console = true
log.file = false
CONF
    env HOME="$base/home" ERL_EPMD_PORT="$epmd" RABBITMQ_NODENAME="hiatus$port@localhost" RABBITMQ_DIST_PORT="$dist" \
        RABBITMQ_MNESIA_BASE="$base/mnesia" RABBITMQ_LOG_BASE="$base/log" RABBITMQ_CONFIG_FILE="$base/rabbitmq.conf" \
        RABBITMQ_ENABLED_PLUGINS_FILE="$base/plugins" RABBITMQ_PID_FILE="$base/pid" RABBITMQ_CONF_ENV_FILE=/dev/null \
        $home/rabbitmq-server >"$base/out" 2>&1 &
    pids+=($!)
    rabbitmq_epmd=$epmd
    local i
    for i in $(seq 600); do # the port is the event: it has no ready line that comes after all listeners
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return
        kill -0 "${pids[-1]}" 2>/dev/null || break
        read -rt 0.2 <> <(:)
    done
    echo "rabbitmq did not start:"
    tail -50 "$base/out"
    exit 1
}

# start_aedes: the release of scenarios/targets/aedes, from npm. Sets $port. HIATUS_AEDES: where it is, or will be.
start_aedes() {
    local targets
    targets=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../scenarios/targets" && pwd)
    . "$targets/installed.sh"
    installed aedes || exit
    : >"$dir/aedes.log"
    node "$targets/aedes/broker.mjs" "$HIATUS_AEDES" aedes-1 0 >>"$dir/aedes.log" 2>&1 &
    pids+=($!)
    port=$(timeout 20 tail -n +1 -f "$dir/aedes.log" | grep -m1 -oE 'listens on [^ ]*:[0-9]+' | grep -oE '[0-9]+$')
    [ -n "$port" ] || { echo "aedes did not start:"; cat "$dir/aedes.log"; exit 1; }
}
