#!/usr/bin/env bash
# story.sh MINIBROKER PROGRAM…: a real client tells the story of clients/README.md to the minibroker, in both versions.
set -uo pipefail
. "$(dirname "$0")/common.sh"
here=$(dirname "$0")/clients
minibroker=$1
shift
start_minibroker broker "$minibroker" --log packets

# cutter TYPE: sets $cut to the port of a link that loses the broker's first packet of that type.
cutter() {
    local out=$dir/cutter$RANDOM$RANDOM
    : >"$out"
    /usr/bin/python3 "$here/cutter.py" "$port" "$1" >"$out" &
    pids+=($!)
    cut=$(timeout 20 tail -n +1 -f "$out" | grep -m1 -E '^[0-9]+$')
    [ -n "$cut" ] || { echo "the cutter did not start"; exit 1; }
}

for version in 3.1.1 5.0; do
    cutter PUBREL
    pubrel=$cut
    cutter PUBREC
    timeout 100 "$@" "$version" "$port" "$pubrel" "$cut" || { echo "packets seen by the broker:"; tail -60 "$dir/broker"; exit 1; }
    echo "$version: session, offline queue, retained message, will and cut QoS 2 exchanges work"
done
