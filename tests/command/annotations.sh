#!/usr/bin/env bash
# annotations.sh HIATUS MINIBROKER: GitHub's annotations, asked for or in a job of GitHub's.
set -u # a failing run in a pipe is what is looked at
. "$(dirname "$0")/common.sh"
bad=("$hiatus" run "$resume" --deviation resend-without-dup --quiet)
want='^::error file=scenarios/catalog/queue/qos1_resume.txtpb,line=[0-9]+,col=[0-9]+,title=FAIL queue/qos1_resume\[v5%2Crst%2C[^]]*\]::MISMATCH dup \[5.0 MQTT-3.3.1-1\].*%0Arerun: hiatus run'
env -u GITHUB_ACTIONS "${bad[@]}" --report github:- | grep -qE "$want" || { echo "no annotation when asked for:"; "${bad[@]}" --report github:-; failed=1; }
GITHUB_ACTIONS=true "${bad[@]}" | grep -qE "$want" || { echo "no annotation in a job"; failed=1; }
GITHUB_ACTIONS=true "${bad[@]}" --report "github:$dir/file" | grep -q '^::' && { echo "annotations twice"; failed=1; }
grep -qE "$want" "$dir/file" || { echo "no annotation in the file"; failed=1; }
env -u GITHUB_ACTIONS "${bad[@]}" | grep -q '^::' && { echo "annotations unasked"; failed=1; }
env -u GITHUB_ACTIONS "$hiatus" run "$sample" --quiet --report github:- | grep -q '^::' && { echo "an annotation for what passes"; failed=1; }
[ "$("${bad[@]}" --report github:- | tail -1)" = '0 passed, 1 failed, 0 skipped' ] || { echo "the summary is not the last line"; failed=1; }
exit $failed
