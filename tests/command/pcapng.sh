#!/usr/bin/env bash
# pcapng.sh HIATUS MINIBROKER: Wireshark dissects a trace as MQTT over TCP, all of it, without a complaint.
set -u
. "$(dirname "$0")/common.sh"
command -v tshark >/dev/null || { echo "tshark is not installed"; exit 77; }
for version in v3 v5; do
    "$hiatus" run "qos2/*[$version,*" "will/*[$version*" --trace all --report "pcapng:$dir/$version.pcapng" --report "json:$dir/$version.json" >/dev/null
    # -o: every MQTT packet is a row of its own fields; TCP sequence analysis and checksums on.
    tshark -r "$dir/$version.pcapng" -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE -T fields -e mqtt.msgtype >"$dir/types" 2>"$dir/errors" || { cat "$dir/errors"; failed=1; }
    seen=$(tr ',' '\n' <"$dir/types" | grep -c .)
    sent=$(grep -cE '"kind": "(SENT|RECEIVED)"' "$dir/$version.json")
    [ "$seen" -eq "$sent" ] && [ "$sent" -gt 100 ] || { echo "$version: $sent packets in the trace, Wireshark sees $seen"; failed=1; }
    bad=$(tshark -r "$dir/$version.pcapng" -o tcp.check_checksum:TRUE -Y '_ws.malformed || tcp.analysis.lost_segment || tcp.analysis.retransmission || tcp.checksum.status == 0' 2>/dev/null)
    [ -z "$bad" ] || { echo "$version: Wireshark complains:"; head -5 <<<"$bad"; failed=1; }
done
[ "$(tshark -r "$dir/v5.pcapng" -Y 'mqtt.ver == 5' 2>/dev/null | wc -l)" -gt 5 ] || { echo "no MQTT 5.0 seen"; failed=1; }
# A finding is a comment on its packet; a folder has a file for every trace.
"$hiatus" run "$resume" --deviation resend-without-dup --report "pcapng:$dir/folder" >/dev/null
file=$(echo "$dir"/folder/*.pcapng)
[ -f "$file" ] || { echo "no file in the folder: $file"; exit 1; }
tshark -r "$file" -T fields -e frame.comment 2>/dev/null | grep -q 'MISMATCH dup' || { echo "the finding is no comment"; failed=1; }
tshark -r "$file" -Y 'tcp.flags.reset == 1' 2>/dev/null | grep -q . || { echo "the RST is not there"; failed=1; }
exit $failed
