#!/usr/bin/env bash
# debugging.sh HIATUS MINIBROKER: --wait holds before a step until Enter, over the network too, and connections stay alive.
set -u
. "$(dirname "$0")/common.sh"
start_minibroker broker "$minibroker" --log connections
variant="$resume"
line=$(grep -n 'step { drop { on: "dev" } }' "$(dirname "$0")/../../scenarios/catalog/queue/qos1_resume.txtpb" | cut -d: -f1)
for target in sim "mqtt://127.0.0.1:$port"; do
    mkfifo "$dir/keys"
    "$hiatus" run "$variant" --target "$target" --wait "qos1_resume.txtpb:$line" --log packets <"$dir/keys" >"$dir/out" 2>&1 &
    pid=$!
    pids+=($pid)
    exec 3>"$dir/keys"
    grep -qm1 "waits before .*qos1_resume.txtpb:$line" < <(timeout 30 tail -n +1 -f --pid=$pid "$dir/out") || { echo "$target: it does not wait"; cat "$dir/out"; failed=1; }
    grep -q 'RST' "$dir/out" && { echo "$target: it went on by itself"; failed=1; }
    grep -q '> SUBSCRIBE' "$dir/out" || { echo "$target: what came before is not in the log"; failed=1; }
    echo >&3
    exec 3>&-
    wait $pid || { echo "$target: it does not pass after the wait"; cat "$dir/out"; failed=1; }
    grep -q 'RST' "$dir/out" || { echo "$target: the log ends early"; failed=1; }
    rm "$dir/keys"
done
exit $failed
