#!/usr/bin/env bash
# interrupt.sh HIATUS MINIBROKER: Ctrl-C leaves no process, no file and no session; the report says that it is partial.
set -u
. "$(dirname "$0")/common.sh"
start_minibroker broker "$minibroker" --store "$dir/store.sqlite"
mkdir "$dir/tmp"
# interrupted SIGNAL PACKET ARGUMENT…: the signal comes once such packets flow, in the middle of spec timers that last longer.
interrupted() {
    local signal=$1 packet=$2 pid status
    shift 2
    : >"$dir/out"
    TMPDIR=$dir/tmp "$hiatus" run "$@" --log packets --report "json:$dir/partial.json" >"$dir/out" 2>&1 &
    pid=$!
    pids+=($pid)
    grep -qm1 "$packet" < <(timeout 60 tail -n +1 -f --pid=$pid "$dir/out") || { echo "$signal: nothing runs"; cat "$dir/out"; failed=1; }
    kill -s "$signal" $pid
    wait $pid
    status=$?
    [ $status -eq 130 ] || { echo "$signal: status $status"; tail "$dir/out"; failed=1; }
    grep -q 'PARTIAL (interrupted)' "$dir/out" || { echo "$signal: the run does not say that it is partial"; tail "$dir/out"; failed=1; }
    grep -q '"partial": *"interrupted"' "$dir/partial.json" || { echo "$signal: the report does not say that it is partial"; failed=1; }
    grep -q '"verdict": *"ERROR"' "$dir/partial.json" && { echo "$signal: what was interrupted is called ERROR"; failed=1; }
    [ -z "$(ls -A "$dir/tmp")" ] || { echo "$signal: files are left:"; ls "$dir/tmp"; failed=1; }
}
for signal in INT TERM; do
    interrupted $signal SUBACK 'expiry/*' 'queue/*' 'session_present/*' --target "mqtt://127.0.0.1:$port"
done
# The broker has no session left, by its own store.
kill -TERM "${pids[0]}"
wait "${pids[0]}" 2>/dev/null
"$hiatus" session show "$dir/store.sqlite" | head -1 | grep -q ': 0 sessions' || { echo "sessions are left"; "$hiatus" session show "$dir/store.sqlite" | head -20; failed=1; }
interrupted INT SUBACK --repeat 1000 # in the simulation too
# And with a client under test: its adapters are gone too.
cp "$(dirname "$hiatus")/hiatus-client-adapter" "$dir/own-adapter"
printf 'client { argument: "%s" }\n' "$dir/own-adapter" >"$dir/client.txtpb"
interrupted INT '< CONNECT' --role client --client "$dir/client.txtpb" --repeat 50
for exe in /proc/[0-9]*/exe; do
    [ "$(readlink "$exe")" = "$dir/own-adapter" ] && { echo "an adapter is left: $exe"; failed=1; }
done
exit $failed
