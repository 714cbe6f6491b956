#!/usr/bin/env bash
# slow.sh HIATUS MINIBROKER: a sound broker that takes 3 s to look at a CONNECT is not said to end sessions of 2 s too early: what is
# answered when the interval has passed decides nothing. One that does end them early is caught all the same. At the other end of a
# long line nobody waits until 65,535 packet identifiers have come round.
set -u
. "$(dirname "$0")/common.sh"
# behind FIRST EACH VARIANT STATUS TEXT ARGUMENT…: a minibroker behind a relay that is so slow (slow.py), and what is to come of it
behind() {
    local relay=$dir/relay.$BASHPID
    start_minibroker "broker.$BASHPID" "$minibroker" "${@:6}"
    python3 "$(dirname "$0")/slow.py" "$port" "$1" "$2" >"$relay" 2>"$relay.said" &
    pids+=($!)
    until [ -s "$relay" ]; do read -rt 0.05 <> <(:) || true; done
    expect "$4" "$5" "$hiatus" run "$3" --target "mqtt://127.0.0.1:$(cat "$relay")" --time-scale 3 --confirm 0
    kill "${pids[@]}"
    return $failed
}
at_once behind 3 0 'expiry/counts_from_close[v5,rst]' 2 DOWNGRADED
at_once behind 0 0 'expiry/counts_from_close[v5,rst]' 0 '1 passed'
at_once behind 0 0.2 'ids/held_while_they_come_round[v3,qos1]' 3 'want of many-messages (1)'
at_once behind 0 0 'expiry/counts_from_close[v5,rst]' 1 U5-4.1-3 --deviation expiry-clock-starts-at-connect
all_well
exit $failed
