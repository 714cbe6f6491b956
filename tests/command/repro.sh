#!/usr/bin/env bash
# repro.sh HIATUS MINIBROKER: the script fails alone with the same reason against the faulty broker, and not against a good one.
set -u
. "$(dirname "$0")/common.sh"
command -v python3 >/dev/null || { echo "python3 is not installed"; exit 77; }
start_minibroker clean "$minibroker"
clean=$port
while read -r deviation scenario; do
    start_minibroker "$deviation" "$minibroker" --deviation "$deviation"
    "$hiatus" run "$scenario" --target "mqtt://127.0.0.1:$port" --confirm 0 --report "json:$dir/report.json" >/dev/null
    expect 0 '' "$hiatus" repro "$dir/report.json" --output "$dir/repro.py"
    reason=$(sed -nE 's/^FINDING = \{"reason": "([A-Z_]+)".*/\1/p' "$dir/repro.py")
    expect 1 "$reason" env -i PATH="$PATH" "$dir/repro.py"
    expect 1 "$reason" env -i PATH="$PATH" python3 "$dir/repro.py" # a second time: it leaves nothing behind
    expect 0 'not reproduced' python3 "$dir/repro.py" "127.0.0.1:$clean"
    echo "$deviation: $reason"
done <<SAMPLE
resend-without-dup $resume
sp-always-zero session_present/table
drop-inflight-on-disconnect queue/qos1_resume[v3,fin,*
SAMPLE
# From the simulation to a broker: the report names no address.
"$hiatus" run "$resume" --deviation resend-without-dup --report "json:$dir/sim.json" >/dev/null
expect 0 '' "$hiatus" repro "$dir/sim.json" --target "mqtt://127.0.0.1:$clean" --output "$dir/sim.py"
expect 0 'not reproduced' python3 "$dir/sim.py"
expect 2 'cannot be run' python3 "$dir/sim.py" 127.0.0.1:1
"$hiatus" run "$sample" --report "json:$dir/good.json" >/dev/null
expect 64 'no unexpected finding' "$hiatus" repro "$dir/good.json"
exit $failed
