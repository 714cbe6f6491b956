#!/usr/bin/env bash
# transports.sh HIATUS MINIBROKER BASELINE: a part of the catalogue over mqtt, mqtts, ws and wss, against the minibroker and
# mosquitto; and whatever is wrong with certificate, path or server is said in a sentence, with exit status 69, in time.
set -uo pipefail
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/certificates.sh"
hiatus=$1 minibroker=$2 baseline=$3
failed=0
part=('session_present/table' 'queue/qos1_resume' 'qos2/pubrel_owed' 'takeover/closes_the_old')
certificates
# profile NAME URL [LINE…]
profile() {
    local name=$1 url=$2
    shift 2
    printf '%s\n' "url: \"$url\"" "$@" >"$dir/$name.txtpb"
}
ca="ca_file: \"$dir/tls/ca.pem\""
passes() { # WHAT ARGUMENT…
    local what=$1
    shift
    "$hiatus" run "${part[@]}" --quiet "$@" >"$dir/out" 2>&1 && echo "$what: $(tail -1 "$dir/out")" && return
    echo "$what does not pass:"
    cat "$dir/out"
    failed=1
}
# says TEXT PROFILE: status 69 and the text, well within the time that a hang would take.
says() {
    local output status
    output=$(timeout 60 "$hiatus" run session_present/table --target "$dir/$2.txtpb" 2>&1)
    status=$?
    [ $status -eq 69 ] && grep -qE -- "$1" <<<"$output" && return
    echo "$2: status $status, and not \"$1\": $output"
    failed=1
}
portof() { sed -n "s/.*listening for $2 on .*://p" "$dir/$1"; }

serve() { # LOG CERTIFICATE ARGUMENT…
    local log=$1 name=$2
    shift 2
    start_minibroker "$log" "$minibroker" --tls-port 0 --wss-port 0 --ws-port 0 --certificate "$dir/tls/$name.pem" --key "$dir/tls/$name.key" "$@"
}
serve mini good
plain=$port tls=$(portof mini TLS) ws=$(portof mini WebSocket) wss=$(portof mini 'WebSocket over TLS')
profile mini-mqtts "mqtts://localhost:$tls" "$ca" 'alpn: "mqtt"'
profile mini-wss "wss://127.0.0.1:$wss" "$ca"
passes 'minibroker mqtt' --target "mqtt://localhost:$plain" --role server
passes 'minibroker mqtts' --target "$dir/mini-mqtts.txtpb" --role server
passes 'minibroker ws' --target "ws://localhost:$ws/mqtt" --role server
passes 'minibroker wss' --target "$dir/mini-wss.txtpb" --role server
# And what is wrong is found over them too.
serve faulty good --deviation resend-without-dup
for scheme in "mqtts://localhost:$(portof faulty TLS)" "ws://localhost:$(portof faulty WebSocket)" "wss://localhost:$(portof faulty 'WebSocket over TLS')"; do
    profile faulty-scheme "$scheme" "$ca"
    output=$("$hiatus" run 'queue/qos1_resume[v5,rst,*' --target "$dir/faulty-scheme.txtpb" 2>&1)
    [ $? -eq 1 ] && grep -q 'MQTT-3.3.1-1' <<<"$output" || { echo "resend-without-dup survives $scheme"; tail -5 <<<"$output"; failed=1; }
done

# ---- what can be wrong
profile unknown-authority "mqtts://localhost:$tls"
says 'cannot be connected to: .*(self-signed|untrusted|issuer|authority)' unknown-authority
profile wrong-authority "mqtts://localhost:$tls" "ca_file: \"$dir/tls/stranger.pem\""
says 'cannot be connected to: .*(issuer|untrusted|verif|authority)' wrong-authority
profile insecure "mqtts://localhost:$tls" 'insecure: true'
passes 'minibroker mqtts, insecure' --target "$dir/insecure.txtpb" --role server
serve old expired
profile expired "mqtts://localhost:$(portof old TLS)" "$ca"
says 'certificate has expired' expired
profile expired-wss "wss://localhost:$(portof old 'WebSocket over TLS')" "$ca"
says 'certificate has expired' expired-wss
serve other elsewhere
profile other-host "mqtts://localhost:$(portof other TLS)" "$ca"
says 'host name did not match' other-host
serve strict good --client-ca "$dir/tls/ca.pem"
profile no-certificate "mqtts://localhost:$(portof strict TLS)" "$ca"
says 'client certificate' no-certificate
profile with-certificate "mqtts://localhost:$(portof strict TLS)" "$ca" "certificate_file: \"$dir/tls/client.pem\"" "key_file: \"$dir/tls/client.key\""
passes 'minibroker mqtts with client certificate' --target "$dir/with-certificate.txtpb" --role server
profile wrong-path "ws://localhost:$ws/elsewhere"
says 'refuses the WebSocket handshake at /elsewhere: HTTP/1.1 404' wrong-path
profile plain-as-tls "mqtts://localhost:$plain" "$ca"
says 'cannot be connected to' plain-as-tls
profile plain-as-ws "ws://localhost:$plain"
says 'cannot be connected to' plain-as-ws
profile tls-as-plain "mqtt://localhost:$tls"
says 'without an answer|TLS' tls-as-plain
profile ws-as-plain "mqtt://localhost:$ws"
says 'without an answer|HTTP|answers CONNECT with nothing' ws-as-plain
if command -v python3 >/dev/null; then
    : >"$dir/http"
    python3 -u -m http.server --bind 127.0.0.1 0 --directory "$dir/tls" >"$dir/http" 2>&1 &
    pids+=($!)
    http=$(timeout 20 tail -n +1 -f "$dir/http" | grep -m1 -oE 'port [0-9]+' | grep -oE '[0-9]+')
    profile http "ws://127.0.0.1:$http/mqtt"
    says 'refuses the WebSocket handshake at /mqtt: HTTP/1' http
    profile http-plain "mqtt://127.0.0.1:$http"
    says 'HTTP, not MQTT|answers CONNECT with nothing' http-plain
fi
profile no-file "mqtts://localhost:$tls" 'ca_file: "/no/such/file"'
output=$("$hiatus" run session_present/table --target "$dir/no-file.txtpb" 2>&1)
[ $? -eq 64 ] && grep -q 'ca_file: /no/such/file holds no certificate' <<<"$output" || { echo "no-file: $output"; failed=1; }

# ---- mosquitto
if [ -x /usr/sbin/mosquitto ]; then
    start_mosquitto_tls() {
        local base try pid
        for try in 1 2 3 4 5; do
            base=$((20000 + (RANDOM * 32768 + RANDOM) % 40000))
            port=$base
            {
                printf 'per_listener_settings false\nallow_anonymous true\npersistence false\nmax_queued_messages 0\nlog_dest stderr\n'
                printf 'listener %s 127.0.0.1\n' $base
                printf 'listener %s 127.0.0.1\ncertfile %s\nkeyfile %s\n' $((base + 1)) "$dir/tls/good.pem" "$dir/tls/good.key"
                printf 'listener %s 127.0.0.1\nprotocol websockets\n' $((base + 2))
                printf 'listener %s 127.0.0.1\nprotocol websockets\ncertfile %s\nkeyfile %s\n' $((base + 3)) "$dir/tls/good.pem" "$dir/tls/good.key"
                printf 'listener %s 127.0.0.1\ncafile %s\ncertfile %s\nkeyfile %s\nrequire_certificate true\n' $((base + 4)) "$dir/tls/ca.pem" "$dir/tls/good.pem" "$dir/tls/good.key"
            } >"$dir/mosquitto.conf"
            chmod -R a+rX "$dir"
            chmod a+r "$dir"/tls/*
            : >"$dir/mosquitto.log"
            /usr/sbin/mosquitto -c "$dir/mosquitto.conf" >>"$dir/mosquitto.log" 2>&1 &
            pid=$!
            pids+=($pid)
            grep -m1 -q ' running$' < <(timeout 10 tail --pid="$pid" -n +1 -f "$dir/mosquitto.log") && return
        done
        echo "mosquitto did not start:"
        cat "$dir/mosquitto.log"
        exit 1
    }
    start_mosquitto_tls
    profile mosquitto-mqtts "mqtts://localhost:$((port + 1))" "$ca" 'late_limit_ms: 15000'
    profile mosquitto-wss "wss://localhost:$((port + 3))/mqtt" "$ca" 'late_limit_ms: 15000'
    for target in "mqtt://127.0.0.1:$port" "$dir/mosquitto-mqtts.txtpb" "ws://127.0.0.1:$((port + 2))/mqtt" "$dir/mosquitto-wss.txtpb"; do
        passes "mosquitto $target" --target "$target" --role server --baseline "$baseline"
    done
    profile mosquitto-wrong-authority "mqtts://localhost:$((port + 1))" "ca_file: \"$dir/tls/stranger.pem\""
    says 'cannot be connected to' mosquitto-wrong-authority
    profile mosquitto-no-certificate "mqtts://localhost:$((port + 4))" "$ca"
    says 'client certificate' mosquitto-no-certificate
    profile mosquitto-certificate "mqtts://localhost:$((port + 4))" "$ca" "certificate_file: \"$dir/tls/client.pem\"" "key_file: \"$dir/tls/client.key\""
    passes 'mosquitto with client certificate' --target "$dir/mosquitto-certificate.txtpb" --role server --baseline "$baseline"
fi
exit $failed
