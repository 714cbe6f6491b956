#!/usr/bin/env bash
# minibroker.sh HIATUS MINIBROKER: over TCP what passes in the simulation passes, and what is killed there is killed.
set -uo pipefail
. "$(dirname "$0")/common.sh"
hiatus=$1 minibroker=$2
start_minibroker clean "$minibroker"
"$hiatus" run --quiet --target "mqtt://127.0.0.1:$port" --role server || { echo "the clean minibroker does not pass"; exit 1; }
# deviation, scenario, a statement that it breaks
while read -r deviation scenario statement; do
    start_minibroker "$deviation" "$minibroker" --deviation "$deviation"
    output=$("$hiatus" run --target "mqtt://127.0.0.1:$port" "$scenario" 2>&1)
    status=$?
    if [ $status -ne 1 ] || ! grep -qF "$statement" <<<"$output"; then
        printf '%s survives %s over TCP (status %s)\n%s\n' "$deviation" "$scenario" "$status" "$(tail -40 <<<"$output")"
        exit 1
    fi
    echo "$deviation is killed over TCP"
done <<'SAMPLE'
sp-always-zero session_present/table MQTT-3.2.2-
resend-without-dup queue/qos1_resume MQTT-3.3.1-1
resend-publish-instead-of-pubrel qos2/pubrel_owed MQTT-4.
drop-inflight-on-disconnect queue/qos1_resume MQTT-4.4.0-1
clean-start-keeps-subscriptions clean/discards_everything MQTT-3.1.2-
SAMPLE
