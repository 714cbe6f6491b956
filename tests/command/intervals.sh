#!/usr/bin/env bash
# intervals.sh HIATUS MINIBROKER: a broker may set another keep alive than was asked for. A few seconds more are waited for; where it
# is a minute the variant is skipped by name, at once, and no run waits for it. One that keeps no time is caught all the same.
set -u
. "$(dirname "$0")/common.sh"
# with STATUS TEXT ARGUMENT…: a minibroker with these arguments, and what is to come of it
with() {
    local log started port
    log=$(mktemp -p "$dir")
    "$minibroker" --port 0 "${@:3}" >"$log" 2>&1 &
    started=$!
    until port=$(grep -oEm1 '127.0.0.1:[0-9]+' "$log"); do read -rt 0.05 <> <(:) || true; done
    expect "$1" "$2" "$hiatus" run 'keepalive/closes[v5,qos1,seconds=1]' --target "mqtt://$port" --time-scale 3 --confirm 0
    kill $started
    return $failed
}
at_once with 0 '1 passed' --server-keep-alive 3
at_once with 3 'want of short-intervals (1)' --server-keep-alive 60
at_once with 1 MQTT-3.1.2-22 --deviation keep-alive-ignored
all_well
exit $failed
