# Sourced: starts brokers on free ports, and stops them at the end.
dir=$(mktemp -d)
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
    wait 2>/dev/null
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
