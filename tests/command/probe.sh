#!/usr/bin/env bash
# probe.sh HIATUS MINIBROKER: what a target is, before it is judged; and what a run then skips.
set -u
. "$(dirname "$0")/common.sh"
# told NAME: what `probed NAME` heard. A row is in it.
told() { cp "$dir/$1.out" "$dir/told"; }
row() { grep -qE -- "$1" "$dir/told" || { echo "probe does not say: $1"; cat "$dir/told" "$dir"/*.err; failed=1; }; }
# probed NAME STATUS ARGUMENT…: asks, and keeps the answer.
probed() {
    "$hiatus" probe "${@:3}" >"$dir/$1.out" 2>"$dir/$1.err" </dev/null
    local status=$?
    [ $status -eq "$2" ] || { echo "probe ${*:3} ends with $status"; cat "$dir/$1.out" "$dir/$1.err"; return 1; }
}
start_minibroker plain "$minibroker" --topic-alias-maximum 3 --expiry-cap 77
plain=mqtt://127.0.0.1:$port
start_minibroker small "$minibroker" --maximum-qos 1 --no-shared --no-wildcard --receive-maximum 7 --queue-qos0
small=mqtt://127.0.0.1:$port
printf 'me:%s\n' "$("$minibroker" --hash-password <<<Xsecret7412X)" >"$dir/users"
start_minibroker guarded "$minibroker" --users "$dir/users" --no-anonymous
guarded=127.0.0.1:$port
printf 'name: "boast" version: "9.9"\nurl: "%s"\ncapability { name: "qos2" present: true }\n' "$small" >"$dir/boast.txtpb"
# A target is asked for some seconds, most of them waited for; so all of them at once.
at_once probed sim 0 sim
at_once probed plain.told 0 "$plain"
at_once probed small.told 0 "$small"
at_once probed small.profile 0 "$small" --profile
at_once probed small.json 0 "$small" --json
at_once probed boast 1 "$dir/boast.txtpb"
for how in text json profile; do at_once probed "guarded.$how" 0 "mqtt://me:Xsecret7412X@$guarded" $([ $how = text ] || echo --$how); done
all_well
told sim
row '^speaks    3.1.1, 5.0$'
told plain.told
row '^speaks +3\.1\.1, 5\.0$'
row '^qos2 +yes +yes '
row '^topic-alias +\? +yes +probed: Topic Alias Maximum 3$'
row '^expiry-granted-for-never +77$'
row '^qos0-offline +no$'
row '^round-trip-median +[0-9]+ ms'
row '^malformed-connect +CONNACK and close \(5\.0\), close only \(3\.1\.1\)$'
row '^without graceful-stop: [0-9]+ skipped, of [0-9]+ scenarios: restart/'

told small.told
row '^qos2 +no +no +probed: SUBACK grants QoS 1; probed: Maximum QoS 1$'
row '^shared +\? +no '
row '^wildcard +no +no '
row '^receive-maximum +7$'
row '^qos0-offline +yes$'
row '^without qos2: [0-9]+ skipped'
# What is not offered is skipped by name, and nobody is accused of it.
expect 3 'skipped for want of qos2 (' "$hiatus" run 'qos2/replayed' --role server --target "$small"
expect 3 'skipped for want of shared (' "$hiatus" run 'shared/groups' --role server --target "$small"
# The profile wins, is told where it is wrong, and what it decided says so.
cp "$dir/small.profile.out" "$dir/small.txtpb"
expect 0 'present: false why: "probed: Maximum QoS 1"' cat "$dir/small.txtpb"
expect 0 ' passed' "$hiatus" run "$quick" --target "$dir/small.txtpb"
expect 0 'the profile says that qos2 is present, the target says otherwise for 3.1.1: SUBACK grants QoS 1' cat "$dir/boast.out" "$dir/boast.err"
expect 0 'the target says otherwise for 5.0: Maximum QoS 1' cat "$dir/boast.out" "$dir/boast.err"
"$hiatus" run 'connect/maximum_qos_told[*' --target "$dir/boast.txtpb" --trace none --report "json:$dir/boast.json" >"$dir/told" 2>&1
grep -q '"overridden": true' "$dir/boast.json" || { echo "an override is not told"; failed=1; }

# The header of a run, wherever it is read.
expect 0 'target: boast 9.9' "$hiatus" run "$quick" --target "$dir/boast.txtpb" --report "json:$dir/run.json" --report "junit:$dir/run.xml" --report "html:$dir/page"
python3 - "$dir/run.json" <<'CHECK' || failed=1
import json, sys
report = json.load(open(sys.argv[1]))
assert report['target'] == 'boast' and report['target_version'] == '9.9' and report['world'] == 'network', report['target']
assert report['command'].startswith('hiatus run ') and '--target' in report['command'], report['command']
qos2 = [c for c in report['capability'] if c['name'] == 'qos2']
assert len(qos2) == 2 and all(c['present'] and c['how'].startswith('profile: ') for c in qos2), qos2
assert {'name': 'receive-maximum', 'value': '7'} in report['target_fact'], report['target_fact']
CHECK
for property in command world lacks target_version; do grep -q "property name=\"$property\"" "$dir/run.xml" || { echo "JUnit has no $property"; failed=1; }; done
grep -q '<dt>world</dt>' "$dir/page/index.html" || { echo "the page's header names no world"; failed=1; }
python3 - "$dir/small.json.out" <<'CHECK' || failed=1
import json, sys
report = json.load(open(sys.argv[1]))
absent = {(c['name'], c['version']) for c in report['capability'] if not c.get('present')}
assert {('qos2', 'V3'), ('qos2', 'V5'), ('shared', 'V5')} <= absent, absent
assert any(f['name'] == 'round-trip-worst' for f in report['target_fact'])
CHECK

# Nobody there, somebody else there, nobody let in.
expect 64 '--target takes sim' "$hiatus" probe "$dir/nothing"
expect 64 'TARGET' "$hiatus" probe
expect 69 'cannot be connected to' "$hiatus" probe mqtt://127.0.0.1:1
python3 -c 'import socket
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
while True:
    link = server.accept()[0]
    link.recv(100)
    link.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
    link.close()' >"$dir/http" 2>/dev/null &
pids+=($!)
python3 -c 'import socket
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
kept = []
while True: kept.append(server.accept())' >"$dir/silent" &
pids+=($!)
until [ -s "$dir/http" ] && [ -s "$dir/silent" ]; do read -rt 0.05 <> <(:) || true; done
expect 69 'speaks HTTP, not MQTT' "$hiatus" probe "mqtt://127.0.0.1:$(cat "$dir/http")"
expect 69 'answers CONNECT with nothing' "$hiatus" probe "mqtt://127.0.0.1:$(cat "$dir/silent")"
expect 69 'it refuses CONNECT: CONNACK' "$hiatus" probe "mqtt://$guarded"
# Who never says session present is told so once; who turns hasty takeovers away, not at all.
start_minibroker untold "$minibroker" --deviation session-present-never-told
untold=mqtt://127.0.0.1:$port
expect 1 'session_present is false where true was owed' "$hiatus" run 'session_present/table[v3,rst,clean0,state=kept]' --role server --target "$untold"
expect 3 'skipped for want of session-present' "$hiatus" run 'subscriptions/kept[v3,*' 'connect/first_time[v3,*' --role server --target "$untold"
start_minibroker hasty "$minibroker" --liberty hasty-takeovers-refused
expect 3 'skipped for want of quick-takeovers' "$hiatus" run 'takeover/two_devices' --role server --target "mqtt://127.0.0.1:$port"
grep -l Xsecret7412X "$dir"/guarded.*.{out,err} && { echo "probe tells the password"; failed=1; }
exit $failed
