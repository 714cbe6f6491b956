#!/usr/bin/env bash
# client.sh HIATUS TARGETS NAME [PATTERN…]: the client catalogue, or a part of it, against the client library behind the adapter of
# TARGETS/clients/NAME, held to the baseline beside it. HIATUS_MQTTJS: where MQTT.js is, or will be.
set -uo pipefail
hiatus=$1 folder=$2/clients/$3
case $3 in
paho-python)
    /usr/bin/python3 -c 'import paho.mqtt.client, google.protobuf' 2>/dev/null || { echo "python3-paho-mqtt and python3-protobuf are not installed"; exit 77; } ;;
mqttjs)
    command -v npm >/dev/null || { echo "npm is not installed"; exit 77; }
    if [ ! -e "$HIATUS_MQTTJS/node_modules/.package-lock.json" ]; then
        mkdir -p "$HIATUS_MQTTJS" && cp "$folder/package.json" "$folder/package-lock.json" "$HIATUS_MQTTJS"
        if ! said=$(npm ci --prefix "$HIATUS_MQTTJS" --no-audit --no-fund --fetch-retries=1 2>&1); then
            echo "$said"
            grep -qE 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ECONNRESET' <<<"$said" || exit 1
            echo "npm cannot reach its registry: MQTT.js is not checked"
            exit 77
        fi
    fi ;;
esac
shift 3
"$hiatus" adapter-check "$folder/profile.txtpb" | grep -v ' done$'
exec "$hiatus" run "${@:-client/*}" --role client --client "$folder/profile.txtpb" --baseline "$folder/baseline.txtpb" --quiet
