#!/usr/bin/env bash
# log.sh HIATUS MINIBROKER: what the target wrote into its log during a failed variant stands beside the failure.
set -u
. "$(dirname "$0")/common.sh"
start_minibroker broker "$minibroker" --log packets --deviation resend-without-dup
printf 'url: "mqtt://127.0.0.1:%s"\nlog_file: "%s"\n' "$port" "$dir/broker" >"$dir/target.txtpb"
expect 1 "the target's log meanwhile" "$hiatus" run "$resume" --target "$dir/target.txtpb" --report "json:$dir/report.json"
grep '"target_log"' "$dir/report.json" | grep -q 'PUBLISH' || { echo "the report has no log"; failed=1; }
"$hiatus" run "$sample" --target "$dir/target.txtpb" --report "json:$dir/good.json" >/dev/null
grep -q '"target_log"' "$dir/good.json" && { echo "a log beside what passes"; failed=1; }
exit $failed
