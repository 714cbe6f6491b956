#!/usr/bin/env bash
# repro.sh HIATUS MINIBROKER: the script fails alone with the same reason against the faulty broker, and not against a good one.
set -u
. "$(dirname "$0")/common.sh"
command -v python3 >/dev/null || { echo "python3 is not installed"; exit 77; }
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$dir/key.pem" -out "$dir/cert.pem" -days 2 2>/dev/null
everywhere=(--tls-port 0 --ws-port 0 --wss-port 0 --certificate "$dir/cert.pem" --key "$dir/key.pem")
# port_of LOG SCHEME
port_of() {
    case $2 in
        mqtt) grep -m1 -oE 'listening on [^ ]*:[0-9]+' "$dir/$1" ;;
        mqtts) sed -n 's/.*for TLS on //p' "$dir/$1" ;;
        ws) sed -n 's/.*for WebSocket on //p' "$dir/$1" ;;
        wss) sed -n 's/.*for WebSocket over TLS on //p' "$dir/$1" ;;
    esac | grep -oE '[0-9]+$'
}
start_minibroker clean "$minibroker" "${everywhere[@]}"
clean=$port
# reproduces GOOD: the script in $dir/repro.py fails with the report's reason, the first one twice, and not with what is right (GOOD: its
# arguments).
again=yes
reproduces() {
    local reason
    reason=$(sed -nE 's/^FINDING = \{"reason": "([A-Z_]+)".*/\1/p' "$dir/repro.py")
    grep -q "\"reason\": \"$reason\"" "$dir/report.json" || { echo "$what: no reason of the report: $reason"; failed=1; }
    expect 1 "$reason" env -i PATH="$PATH" "$dir/repro.py"
    [ -z "$again" ] || expect 1 "$reason" env -i PATH="$PATH" python3 "$dir/repro.py" # a second time: it leaves nothing behind
    again=
    expect 0 'not reproduced' python3 "$dir/repro.py" "$@"
    echo "$what: $reason"
}
while read -r deviation scenario schemes; do
    start_minibroker "$deviation" "$minibroker" --deviation "$deviation" "${everywhere[@]}"
    for scheme in $schemes; do
        what="$deviation over $scheme"
        target="$scheme://localhost:$(port_of "$deviation" "$scheme")"
        printf 'name: "theirs"\nurl: "%s"\nca_file: "%s"\n' "$target" "$dir/cert.pem" >"$dir/theirs.txtpb" # the script finds the address by the profile
        "$hiatus" run "$scenario" --target "$dir/theirs.txtpb" --confirm 0 --report "json:$dir/report.json" >"$dir/out"
        expect 0 '' "$hiatus" repro "$dir/report.json" --output "$dir/repro.py"
        reproduces "localhost:$(port_of clean "$scheme")"
    done
done <<SAMPLE
resend-without-dup $resume mqtt mqtts wss ws
sp-always-zero session_present/table mqtt
drop-inflight-on-disconnect queue/qos1_resume[v3,fin,* mqtt
resends-reversed cut/qos1_to_subscriber[v5,rst,* mqtt
resent-twice-on-resume cut/qos1_to_subscriber[v5,rst,* mqtt
SAMPLE
# A client: the script is its broker, and drives it through its adapter.
adapter=$(dirname "$hiatus")/hiatus-client-adapter
again=yes
mkdir "$dir/temporary"
export TMPDIR=$dir/temporary
while read -r deviation scenario; do
    what=$deviation
    printf 'client { argument: "hiatus-client-adapter" argument: "--deviation" argument: "%s" }\n' "$deviation" >"$dir/client.txtpb"
    "$hiatus" run "$scenario" --client "$dir/client.txtpb" --confirm 0 --report "json:$dir/report.json" >"$dir/out"
    expect 0 '' "$hiatus" repro "$dir/report.json" --output "$dir/repro.py"
    reproduces "$adapter"
done <<'SAMPLE'
client-resend-without-dup client/publish_owed
no-resend-on-reconnect client/publish_owed
client-drop-pubrel-on-reconnect client/pubrel_owed
resend-out-of-order client/order
deliver-inbound-qos2-twice client/inbound_once
SAMPLE
expect 2 'cannot be run' python3 "$dir/repro.py" "$dir/no-such-adapter"
left=$(ls "$TMPDIR")
[ -z "$left" ] || { echo "left behind: $left"; failed=1; }
# From the simulation to a broker: the report names no address.
"$hiatus" run "$resume" --deviation resend-without-dup --report "json:$dir/sim.json" >/dev/null
expect 0 '' "$hiatus" repro "$dir/sim.json" --target "mqtt://127.0.0.1:$clean" --output "$dir/sim.py"
expect 0 'not reproduced' python3 "$dir/sim.py"
expect 2 'cannot be run' python3 "$dir/sim.py" 127.0.0.1:1
"$hiatus" run "$sample" --report "json:$dir/good.json" >/dev/null
expect 64 'no unexpected finding' "$hiatus" repro "$dir/good.json"
exit $failed
