#!/usr/bin/env bash
# parts.sh HIATUS MINIBROKER: a run in parts is the run; what fails is run again; what fails sometimes is called flaky.
set -u
. "$(dirname "$0")/common.sh"
ids() { grep -oE '"variant": "[^"]*"' "$@" | sed 's/.*"variant": //' | sort; }
"$hiatus" run 'session_present/*' 'subscriptions/*' --report "json:$dir/whole.json" >/dev/null
for n in 1 2 3; do
    expect 0 ' passed' "$hiatus" run 'session_present/*' 'subscriptions/*' --shard $n/3 --report "json:$dir/$n.json"
    [ "$(ids "$dir/$n.json" | wc -l)" -ge 5 ] || { echo "part $n is too small"; failed=1; }
done
expect 0 ' passed' "$hiatus" merge "$dir"/[123].json --report "json:$dir/merged.json" --report "junit:$dir/merged.xml"
[ "$(ids "$dir/merged.json")" = "$(ids "$dir/whole.json")" ] || { echo "the parts together are not the run"; failed=1; }
grep -q '"shard"\|"partial"' "$dir/merged.json" && { echo "the merged report is a part"; failed=1; }
[ -s "$dir/merged.xml" ] || failed=1
expect 2 'PARTIAL (without part 2/3)' "$hiatus" merge "$dir/1.json" "$dir/3.json"
expect 64 'these are no parts of one run' "$hiatus" merge "$dir/1.json" "$dir/1.json"
expect 64 'cut.json' "$hiatus" merge "$dir/1.json" "$dir/cut.json"

# Rerun: only what failed, and it passes once the fault is mended.
"$hiatus" run 'queue/qos1_resume' 'session_present/*' --deviation resend-without-dup --report "json:$dir/failed.json" >/dev/null
bad=$(grep -c '"verdict": "FAIL"' "$dir/failed.json")
[ "$bad" -gt 0 ] || { echo "nothing failed"; exit 1; }
expect 0 "$bad passed, 0 failed" "$hiatus" run --rerun-failed "$dir/failed.json"
expect 3 '0 passed' "$hiatus" run --rerun-failed "$dir/whole.json"

# A fault that shows at times: which, the seed decides. It is called flaky, written as a race, and the gate stays open whichever way
# it comes out; it closes when something gets worse, and when all is well.
racy=(queue/drop_during_drain order/resume_and_drain --deviation resends-reversed)
expect 1 '(flaky ' "$hiatus" run "${racy[@]}" --repeat 3 --report "json:$dir/repeat.json"
[ "$(ids "$dir/repeat.json" | uniq -d | wc -l)" -eq 0 ] || { echo "a repeated variant has several results"; failed=1; }
expect 0 'entries added' "$hiatus" run "${racy[@]}" --repeat 3 --baseline-update --baseline "$dir/racy"
expect 0 'sometimes: true' cat "$dir/racy"
for seed in 0 1 2; do expect 0 'failed as the baseline expects' "$hiatus" run "${racy[@]}" --baseline "$dir/racy" --seed $seed; done
expect 1 ' failed' "$hiatus" run "${racy[@]}" --deviation resend-without-dup --baseline "$dir/racy"
expect 1 'stale' "$hiatus" run "${racy[@]:0:2}" --baseline "$dir/racy"
exit $failed
