#!/usr/bin/env bash
# minibroker.sh HIATUS MINIBROKER: over TCP what passes in the simulation passes, and what is killed there is killed.
set -uo pipefail
. "$(dirname "$0")/common.sh"
hiatus=$1 minibroker=$2
{ printf 'hiatus:'; printf 'secret' | "$minibroker" --hash-password; } >"$dir/users"
# profile: the broker at $port, which knows one user by name.
profile() {
    cat >"$dir/target.txtpb" <<PROFILE
url: "mqtt://127.0.0.1:$port"
capability { name: "authentication" present: true why: "it has a file of users" }
PROFILE
}
start_minibroker clean "$minibroker" --users "$dir/users" --anonymous
profile
"$hiatus" run --quiet --target "$dir/target.txtpb" --role server || { echo "the clean minibroker does not pass"; exit 1; }
# deviation, scenario, a statement that it breaks
while read -r deviation scenario statement; do
    start_minibroker "$deviation" "$minibroker" --users "$dir/users" --anonymous --deviation "$deviation"
    profile
    output=$("$hiatus" run --target "$dir/target.txtpb" "$scenario" 2>&1)
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
refused-connect-takes-over connect/refused D
goes-on-after-refusal connect/refused MQTT-3.1.4-
suback-codes-reversed requests/subscribe_several MQTT-3.9.3-1
error-told-and-left-open errors/told MQTT-3.14.4-2
retain-handling-2-as-0 subscriptions/retained MQTT-3.3.1-11
user-properties-reversed delivery/user_properties MQTT-3.3.2-18
SAMPLE
