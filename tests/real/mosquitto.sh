#!/usr/bin/env bash
# mosquitto.sh HIATUS BASELINE: the whole server catalogue against Debian's mosquitto; what it gets wrong is in the baseline.
set -uo pipefail
[ -x /usr/sbin/mosquitto ] || { echo "mosquitto is not installed"; exit 77; }
. "$(dirname "$0")/common.sh"
start_mosquitto
# It publishes a will after its delay although the session has ended before: up to delay and sweep late, and no later.
cat >"$dir/target.txtpb" <<PROFILE
name: "mosquitto"
url: "mqtt://127.0.0.1:$port"
late_limit_ms: 15000
capability { name: "authentication" present: true why: "it has a password file" }
PROFILE
"$1" run --target "$dir/target.txtpb" --role server --baseline "$2"
