#!/usr/bin/env bash
# keeper.sh KEEPER BROKER [PROGRAM]: a session that outlives the client's process, against a real broker: save, a new
# process, restore, QoS 1 and 2 completed, what was not acknowledged received again.
set -uo pipefail
keeper=$1 broker=$2
. "$(dirname "$0")/common.sh"
versions="3.1.1 5.0" tolerant=
case $broker in
minibroker) start_minibroker broker "$3" ;;
mosquitto) start_mosquitto ;;
rabbitmq) start_rabbitmq; versions=3.1.1 tolerant=tolerant ;; # 3.10: no 5.0, and PUBACK for QoS 2
aedes) start_aedes; versions=3.1.1 ;;       # so does aedes
esac
for version in $versions; do
    for step in begin finish; do
        output=$(timeout 60 "$keeper" "$version" "$port" "$dir/session" 2 $step $tolerant 2>&1) ||
            { printf '%s, MQTT %s, %s:\n%s\n' "$broker" "$version" "$step" "$output"; exit 1; }
    done
    # It was not acknowledged before the restart: it comes once more.
    grep -q 'received "to myself"' <<<"$output" || { printf '%s: not redelivered:\n%s\n' "$broker" "$output"; exit 1; }
    echo "$broker, MQTT $version: the session outlived the process"
done
