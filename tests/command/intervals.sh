#!/usr/bin/env bash
# intervals.sh HIATUS MINIBROKER: a broker may set another keep alive than was asked for. A few seconds more are waited for; where it
# is a minute the variant is skipped by name, at once, and no run waits for it. One that keeps no time is caught all the same.
set -u
. "$(dirname "$0")/common.sh"
# with STATUS TEXT ARGUMENT…: a minibroker with these arguments, and what is to come of it
with() {
    start_minibroker "broker.$BASHPID" "$minibroker" "${@:3}"
    expect "$1" "$2" "$hiatus" run 'keepalive/closes[v5,qos1,seconds=1]' --target "mqtt://127.0.0.1:$port" --time-scale 3 --confirm 0
    kill "${pids[@]}"
    return $failed
}
at_once with 0 '1 passed' --server-keep-alive 3
at_once with 3 'want of short-intervals (1)' --server-keep-alive 60
at_once with 1 MQTT-3.1.2-22 --deviation keep-alive-ignored
all_well
exit $failed
