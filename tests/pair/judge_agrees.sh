#!/usr/bin/env bash
# judge(trace read back) equals the live verdict, for every variant.
set -euo pipefail
hiatus=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$hiatus" run --quiet --trace all --report "json:$dir/all.json" >/dev/null
"$hiatus" judge "$dir/all.json" >"$dir/out" 2>"$dir/err"
grep -qx '0 verdicts changed' "$dir/err" || { cat "$dir/out" "$dir/err"; exit 1; }
# And it can change: a faulty broker's traces, judged again, still fail.
"$hiatus" run --quiet --trace all --deviation resend-without-dup --report "json:$dir/bad.json" >/dev/null && { echo "the deviation passes"; exit 1; }
"$hiatus" judge "$dir/bad.json" >"$dir/out" 2>"$dir/err" && { echo "judged again, the deviation passes"; exit 1; }
grep -qx '0 verdicts changed' "$dir/err"
