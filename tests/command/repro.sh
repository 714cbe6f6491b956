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
# reproduces TWICE GOOD…: the script in $own/repro.py fails with the report's reason, a second time too if TWICE says so (it leaves nothing
# behind), and not with what is right (GOOD: its arguments).
reproduces() {
    local reason twice=$1
    shift
    reason=$(sed -nE 's/^FINDING = \{"reason": "([A-Z_]+)".*/\1/p' "$own/repro.py")
    grep -q "\"reason\": \"$reason\"" "$own/report.json" || { echo "$what: no reason of the report: $reason"; failed=1; }
    expect 1 "$reason" env -i PATH="$PATH" "$own/repro.py"
    [ -z "$twice" ] || expect 1 "$reason" env -i PATH="$PATH" python3 "$own/repro.py"
    expect 0 'not reproduced' python3 "$own/repro.py" "$@"
    echo "$what: $reason"
}
# of_broker DEVIATION SCENARIO SCHEME TWICE
of_broker() {
    local what="$1 over $3" own="$dir/$1-$3.d"
    mkdir "$own"
    printf 'name: "theirs"\nurl: "%s"\nca_file: "%s"\n' "$3://localhost:$(port_of "$1" "$3")" "$dir/cert.pem" >"$own/theirs.txtpb" # the script finds the address by the profile
    "$hiatus" run "$2" --target "$own/theirs.txtpb" --confirm 0 --report "json:$own/report.json" >"$own/out"
    expect 0 '' "$hiatus" repro "$own/report.json" --output "$own/repro.py"
    reproduces "$4" "localhost:$(port_of clean "$3")"
}
while read -r deviation scenario schemes; do
    start_minibroker "$deviation" "$minibroker" --deviation "$deviation" "${everywhere[@]}"
    for scheme in $schemes; do at_once of_broker "$deviation" "$scenario" "$scheme" "$([ "$scheme" != wss ] || echo twice)"; done
done <<SAMPLE
resend-without-dup $resume mqtt mqtts wss ws
sp-always-zero session_present/table[v5,disconnect,* mqtt
drop-inflight-on-disconnect queue/qos1_resume[v3,fin,* mqtt
resends-reversed cut/qos1_to_subscriber[v5,rst,* mqtt
resent-twice-on-resume cut/qos1_to_subscriber[v5,rst,* mqtt
lose-subscription-id-on-resume subscriptions/* mqtt
live-messages-overtake-offline-queue order/independent[v3,* mqtt
messages-lost-on-cut shared/qos1_lost_member[v5,rst* mqtt
connack-withheld-on-resume subscriptions/kept[v3,disconnect* mqtt
second-connect-ignored connect/second[v5] mqtt
takeover-resends-under-new-ids queue/qos1_resume[v5,takeover,once] mqtt
empty-client-ids-share-one connect/no_client_id[v5] mqtt
content-type-lost will/user_properties[v5,fin] mqtt
foreign-identifier-sent shared/identifiers[v5,disconnect] mqtt
pubrels-out-of-order cut/many_times[v3,fin,q2-1,times=2] mqtt
suback-with-one-code requests/subscribe_several[v3] mqtt
SAMPLE
all_well
# A client: the script is its broker, and drives it through its adapter.
adapter=$(dirname "$hiatus")/hiatus-client-adapter
mkdir "$dir/temporary"
export TMPDIR=$dir/temporary
# of_client DEVIATION SCENARIO TWICE
of_client() {
    local what=$1 own=$dir/$1.d
    mkdir "$own"
    # A busy machine takes its time to start them all, and silence is what the runs are about.
    printf 'client { argument: "hiatus-client-adapter" argument: "--deviation" argument: "%s" }\nreply_ms: 6000\n' "$1" >"$own/client.txtpb"
    "$hiatus" run "$2" --client "$own/client.txtpb" --confirm 0 --report "json:$own/report.json" >"$own/out"
    expect 0 '' "$hiatus" repro "$own/report.json" --output "$own/repro.py"
    reproduces "$3" "$adapter"
}
while read -r deviation scenario twice; do
    at_once of_client "$deviation" "$scenario" "$twice"
done <<'SAMPLE'
client-resend-without-dup client/publish_owed[v5,* twice
no-resend-on-reconnect client/publish_owed[v5,*
client-drop-pubrel-on-reconnect client/pubrel_owed[v5,*
resend-out-of-order client/order[v5,*
deliver-inbound-qos2-twice client/inbound_once[v5,*
SAMPLE
all_well
expect 2 'cannot be run' python3 "$dir/no-resend-on-reconnect.d/repro.py" "$dir/no-such-adapter"
left=$(ls "$TMPDIR")
[ -z "$left" ] || { echo "left behind: $left"; failed=1; }
# From the simulation to a broker: the report names no address.
"$hiatus" run "$resume" --deviation resend-without-dup --report "json:$dir/sim.json" >/dev/null
expect 0 '' "$hiatus" repro "$dir/sim.json" --target "mqtt://127.0.0.1:$clean" --output "$dir/sim.py"
expect 0 'not reproduced' python3 "$dir/sim.py"
expect 2 'cannot be run' python3 "$dir/sim.py" 127.0.0.1:1
"$hiatus" run "$sample" --report "json:$dir/good.json" >/dev/null
expect 64 'no unexpected finding' "$hiatus" repro "$dir/good.json"
# What judges client and broker together cannot be played by one script: it says why, and how to see it again.
"$hiatus" run 'pair/*' --deviation no-resend-on-reconnect --fail-fast --report "json:$dir/pair.json" >/dev/null
expect 64 'on the virtual clock' "$hiatus" repro "$dir/pair.json"
expect 64 "hiatus run 'pair/" "$hiatus" repro "$dir/pair.json"
exit $failed
