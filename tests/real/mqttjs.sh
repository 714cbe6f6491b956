#!/usr/bin/env bash
# mqttjs.sh MINIBROKER FOLDER: MQTT.js, installed into FOLDER once. Skipped only where npm cannot reach its registry.
set -uo pipefail
folder=$2
if [ ! -d "$folder/node_modules/mqtt" ]; then
    command -v npm >/dev/null || { echo "npm is not installed"; exit 1; }
    mkdir -p "$folder"
    if ! said=$(npm install --prefix "$folder" --no-audit --no-fund --fetch-retries=1 mqtt@5.16.0 2>&1); then
        echo "$said"
        grep -qE 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ECONNRESET' <<<"$said" || exit 1
        echo "npm cannot reach its registry: MQTT.js is not checked"
        exit 77
    fi
fi
NODE_PATH=$folder/node_modules exec bash "$(dirname "$0")/story.sh" "$1" node "$(dirname "$0")/clients/mqttjs.cjs"
