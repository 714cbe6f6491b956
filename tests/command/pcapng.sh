#!/usr/bin/env bash
# pcapng.sh HIATUS MINIBROKER: Wireshark dissects a trace as MQTT over TCP, all of it, without a complaint.
set -u
. "$(dirname "$0")/common.sh"
command -v tshark >/dev/null || { echo "tshark is not installed"; exit 77; }
# dissected NAME LEAST: of the run that left $dir/NAME.pcapng and .json every packet, at least so many.
dissected() {
    local seen sent bad
    # -o: every MQTT packet is a row of its own fields; TCP sequence analysis and checksums on.
    tshark -r "$dir/$1.pcapng" -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE -T fields -e mqtt.msgtype >"$dir/types" 2>"$dir/errors" || { cat "$dir/errors"; failed=1; }
    seen=$(tr ',' '\n' <"$dir/types" | grep -c .)
    sent=$(grep -cE '"kind": "(SENT|RECEIVED)"' "$dir/$1.json")
    [ "$seen" -eq "$sent" ] && [ "$sent" -ge "$2" ] || { echo "$1: $sent packets in the trace, Wireshark sees $seen"; failed=1; }
    bad=$(tshark -r "$dir/$1.pcapng" -o tcp.check_checksum:TRUE -Y '_ws.malformed || tcp.analysis.lost_segment || tcp.analysis.retransmission || tcp.checksum.status == 0' 2>/dev/null)
    [ -z "$bad" ] || { echo "$1: Wireshark complains:"; head -5 <<<"$bad"; failed=1; }
}
for version in v3 v5; do
    "$hiatus" run "qos2/*[$version,*" "will/*[$version*" --trace all --report "pcapng:$dir/$version.pcapng" --report "json:$dir/$version.json" >/dev/null
    dissected $version 100
done
# Lanes over TLS and WebSocket: what they carry is what is looked at.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$dir/key.pem" -out "$dir/cert.pem" -days 2 2>/dev/null
start_minibroker broker "$minibroker" --tls-port 0 --ws-port 0 --wss-port 0 --certificate "$dir/cert.pem" --key "$dir/key.pem"
for scheme in mqtts ws wss; do
    case $scheme in
        mqtts) listens="TLS" ;;
        ws) listens="WebSocket" ;;
        wss) listens="WebSocket over TLS" ;;
    esac
    port=$(sed -n "s/.*for $listens on .*://p" "$dir/broker")
    printf 'url: "%s://localhost:%s"\nca_file: "%s"\n' $scheme "$port" "$dir/cert.pem" >"$dir/$scheme.txtpb"
    for version in v3 v5; do
        "$hiatus" run "session_present/table[$version,disconnect,*" --target "$dir/$scheme.txtpb" --trace all --report "pcapng:$dir/$scheme-$version.pcapng" \
            --report "json:$dir/$scheme-$version.json" >/dev/null
        dissected "$scheme-$version" 10
    done
done
[ "$(tshark -r "$dir/v5.pcapng" -Y 'mqtt.ver == 5' 2>/dev/null | wc -l)" -gt 5 ] || { echo "no MQTT 5.0 seen"; failed=1; }
# A finding is a comment on its packet; a folder has a file for every trace.
"$hiatus" run "$resume" --deviation resend-without-dup --report "pcapng:$dir/folder" >/dev/null
file=$(echo "$dir"/folder/*.pcapng)
[ -f "$file" ] || { echo "no file in the folder: $file"; exit 1; }
tshark -r "$file" -T fields -e frame.comment 2>/dev/null | grep -q 'MISMATCH dup' || { echo "the finding is no comment"; failed=1; }
tshark -r "$file" -Y 'tcp.flags.reset == 1' 2>/dev/null | grep -q . || { echo "the RST is not there"; failed=1; }
exit $failed
