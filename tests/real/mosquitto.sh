#!/usr/bin/env bash
# mosquitto.sh HIATUS BASELINE: the whole server catalogue against Debian's mosquitto; what it gets wrong is in the baseline.
set -uo pipefail
[ -x /usr/sbin/mosquitto ] || { echo "mosquitto is not installed"; exit 77; }
. "$(dirname "$0")/common.sh"
start_mosquitto
"$1" run --target "mqtt://127.0.0.1:$port" --role server --baseline "$2"
