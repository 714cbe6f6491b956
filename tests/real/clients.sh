#!/usr/bin/env bash
# clients.sh MINIBROKER: mosquitto's clients work with the minibroker as with any broker, in both versions.
set -uo pipefail
command -v mosquitto_sub >/dev/null || { echo "mosquitto-clients is not installed"; exit 77; }
. "$(dirname "$0")/common.sh"
start_minibroker broker "$1"
for version in mqttv311 mqttv5; do
    id=keeper$version
    keep=(-i "$id" -c -q 2 -t "letters/$version/#" -V "$version")
    [ "$version" = mqttv5 ] && keep+=(-x 300)
    # A session with a subscription; -E: leave once it is acknowledged.
    timeout 20 mosquitto_sub -p "$port" "${keep[@]}" -E || { echo "$version: cannot subscribe"; exit 1; }
    for qos in 1 2; do
        timeout 20 mosquitto_pub -p "$port" -V "$version" -q $qos -t "letters/$version/q$qos" -m "offline $qos" || { echo "$version: cannot publish"; exit 1; }
    done
    got=$(timeout 20 mosquitto_sub -p "$port" "${keep[@]}" -C 2)
    [ "$got" = $'offline 1\noffline 2' ] || { echo "$version: offline messages came as: $got"; exit 1; }
    timeout 20 mosquitto_pub -p "$port" -V "$version" -q 1 -r -t "kept/$version" -m "retained" || exit 1
    got=$(timeout 20 mosquitto_sub -p "$port" -V "$version" -t "kept/$version" -q 1 -C 1)
    [ "$got" = retained ] || { echo "$version: retained came as: $got"; exit 1; }
    echo "$version: offline queue and retained messages work"
done
