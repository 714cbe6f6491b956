#!/usr/bin/env bash
# A failure's text alone tells a broker author what to mend.
set -uo pipefail
hiatus=$1
output=$("$hiatus" run --deviation resend-without-dup queue/qos1_resume 2>&1)
status=$?
[ $status -eq 1 ] || { echo "status $status"; echo "$output"; exit 1; }
for text in 'FAIL  queue/qos1_resume[' 'MQTT-3.3.1-1]' 'MUST, server' 'expected  true' 'actual    false' 'qos1_resume.txtpb:' \
    'CONNACK session_present=1' '!!' "rerun     hiatus run 'queue/qos1_resume[" '--deviation resend-without-dup' ' failed, '; do
    grep -qF -- "$text" <<<"$output" || { echo "the failure does not say: $text"; echo "$output" | head -80; exit 1; }
done
