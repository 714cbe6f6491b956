# Sourced by options.sh: a row for every option. row OPTION… says which; what follows shows that it works.
row() { for option in "$@"; do rows[$option]=yes; done; }

start_minibroker plain "$minibroker"
url=mqtt://127.0.0.1:$port

# ---- hiatus
row 'hiatus --help' 'hiatus --version'
expect 0 'Exit status' "$hiatus" --help
expect 0 . "$hiatus" --version
for sub in $("$hiatus" --completion bash | sed -nE 's/^        ""\) words="(.*)" ;;$/\1/p'); do
    [[ $sub == --* ]] && continue
    row "hiatus $sub --help"
    expect 0 'Usage' "$hiatus" "$sub" --help
done
row 'hiatus session show --help'
expect 0 'FILE' "$hiatus" session show --help

# What is mistyped is named, with what may have been meant, before anything runs.
expect 64 'To begin with' "$hiatus"
expect 64 'there is no command mutnats; did you mean "mutants"?' "$hiatus" mutnats
expect 64 'there is no option --targt; did you mean "--target"?' "$hiatus" run --targt sim
expect 64 'did you mean mqtt://localhost:1883?' "$hiatus" run --target localhost:1883
expect 64 'did you mean "session_present/table"?' "$hiatus" run session_present/tabel
expect 64 'queue/qos1_resume --plan names its variants' "$hiatus" run 'queue/qos1_resume[v5,nosuch]'
expect 64 'a number from 0 on, not -1' "$hiatus" run --seed -1
expect 64 'there is no folder /no/such' "$hiatus" run "$sample" --report json:/no/such/x.json
expect 64 'cannot be opened' "$hiatus" run "$sample" --baseline "$dir/no-such"
expect 64 'no such file' "$hiatus" run "$dir/no-such.txtpb"
[ -z "$(NO_COLOR=1 "$hiatus" run "$resume" --deviation resend-without-dup | tr -d '\n' | grep -a $'\x1b')" ] || { echo "colour in a pipe"; failed=1; }
COLUMNS=40 "$hiatus" run "$resume" --deviation resend-without-dup >"$dir/narrow"
[ "$(awk 'length > 62 && !/rerun|script|^hiatus/' "$dir/narrow" | wc -l)" -eq 0 ] || { echo "a narrow terminal gets wide lines:"; awk 'length > 62 && !/rerun|script/' "$dir/narrow" | head -5; failed=1; }

row 'hiatus run --target' 'hiatus run --role' 'hiatus run --version' 'hiatus run --statement' 'hiatus run --plan' 'hiatus run --full'
expect 0 ' passed, 0 failed' "$hiatus" run "$sample" --target "$url"
expect 3 '0 passed' "$hiatus" run "$sample" --role client
expect 64 '--role takes' "$hiatus" run "$sample" --role nobody
expect 3 '0 passed' "$hiatus" run "$sample" --version 3.1.1
expect 64 '--version takes' "$hiatus" run "$sample" --version 6
expect 3 '0 passed' "$hiatus" run "$sample" --statement MQTT-4.4.0-1
expect 0 'variants; the longest waits' "$hiatus" run "$sample" --plan
expect 0 'variants; the longest waits' "$hiatus" run "$sample" --plan --full --target "$url"
row 'hiatus run --jobs' 'hiatus run --seed' 'hiatus run --shuffle' 'hiatus run --repeat' 'hiatus run --fail-fast' 'hiatus run --confirm'
expect 0 ' passed' "$hiatus" run "$sample" --target "$url" --jobs 1
expect 0 ' passed' "$hiatus" run "$sample" --seed 7 --shuffle
expect 0 ' passed' "$hiatus" run "$sample" --repeat 3
expect 1 'PARTIAL (fail fast)' "$hiatus" run 'session_present/*' --deviation sp-always-zero --fail-fast --jobs 1
expect 0 ' passed' "$hiatus" run "$sample" --target "$url" --confirm 0
row 'hiatus run --time-scale' 'hiatus run --time-limit' 'hiatus run --trace' 'hiatus run --quiet' 'hiatus run --verbose' 'hiatus run --strict'
expect 0 ' passed' "$hiatus" run "$sample" --target "$url" --time-scale 2
expect 2 'PARTIAL (time limit)' "$hiatus" run 'expiry/ladder' --target "$url" --time-limit 0.5
expect 0 ' passed' "$hiatus" run "$sample" --trace all --report "json:$dir/all.json"
expect 0 '"RECEIVED"' cat "$dir/all.json"
[ "$("$hiatus" run "$sample" --quiet | wc -l)" -eq 1 ] || { echo "--quiet says more than a line"; failed=1; }
expect 0 'PASS        session_present/table' "$hiatus" run "$sample" --verbose
expect 0 ' passed' "$hiatus" run "$sample" --strict
row 'hiatus run --deviation' 'hiatus run --liberty' 'hiatus run --report' 'hiatus run --rerun-failed' 'hiatus run --shard'
expect 1 'MQTT-3.3.1-1' "$hiatus" run "$resume" --deviation resend-without-dup --report "json:$dir/bad.json"
liberty=$("$hiatus" list liberties | awk '$1 == "broker" { print $2; exit }')
expect 0 ' passed' "$hiatus" run "$sample" --liberty "$liberty"
expect 0 '1 passed' "$hiatus" run --rerun-failed "$dir/bad.json"
expect 64 '--shard takes I/N' "$hiatus" run "$sample" --shard 3/2
row 'hiatus run --baseline' 'hiatus run --baseline-update'
expect 0 '1 entries added' "$hiatus" run "$resume" --deviation resend-without-dup --baseline "$dir/baseline" --baseline-update
row 'hiatus run --wait' 'hiatus run --log'
expect 0 'waits before' "$hiatus" run "$quick" --wait "$(grep -nm1 '^step' "$here/../../scenarios/catalog/session_present/table.txtpb" | cut -d: -f1)"
expect 0 '< CONNACK' "$hiatus" run "$quick" --log packets
for sub in run list show lint explain judge merge repro; do row "hiatus $sub --requirements"; done
cat >"$dir/own.txtpb" <<'ROWS'
requirement { id: "OWN-1" version: V5 role: SERVER level: "MUST" severity: SEVERITY_FAIL text: "Ours." }
ROWS
expect 0 'OWN-1' "$hiatus" list statements --requirements "$dir/own.txtpb"
expect 0 'Ours.' "$hiatus" explain OWN-1 --requirements "$dir/own.txtpb"
expect 64 'no-such' "$hiatus" run "$sample" --requirements "$dir/no-such"
expect 0 'no errors' "$hiatus" lint --requirements "$dir/own.txtpb"
expect 0 'CONNECT' "$hiatus" show session_present/table --requirements "$dir/own.txtpb"
expect 0 '0 verdicts changed' "$hiatus" judge "$dir/all.json" --requirements "$dir/own.txtpb"
row 'hiatus list --open' 'hiatus list --role' 'hiatus list --state' 'hiatus list --version'
expect 0 'MQTT-' "$hiatus" list statements --state asserted --role server --version 5.0
[ -z "$("$hiatus" list statements --state asserted --role server --version 5.0 | grep '^3')" ] || { echo "--version lists both"; failed=1; }
"$hiatus" list statements --open >/dev/null || { echo "--open"; failed=1; }
row 'hiatus mutants --full' 'hiatus mutants --role' 'hiatus mutants --only' 'hiatus mutants --seed' 'hiatus mutants --verbose'
expect 0 'killed      sp-always-zero' "$hiatus" mutants 'session_present/*' --only sp-always-zero --role server --seed 1 --verbose --full
row 'hiatus mutants --report' 'hiatus mutants --ledger-update' 'hiatus mutants --open' # the last two in full: mutants.suite
expect 0 'killed      sp-always-zero' "$hiatus" mutants 'session_present/*' --only sp-always-zero --verbose --open --report "json:$dir/mutants.json"
expect 0 'sp-always-zero' cat "$dir/mutants.json"
expect 64 'needs all scenarios' "$hiatus" mutants 'session_present/*' --ledger-update
row 'hiatus merge --report' 'hiatus merge --strict'
expect 0 ' passed' "$hiatus" merge "$dir/all.json" --strict --requirements "$dir/own.txtpb" --report "json:$dir/merged.json"
row 'hiatus compare --html'
expect 0 '' "$hiatus" compare "$dir/all.json" "$dir/merged.json" --html "$dir/page"
[ -s "$dir/page/index.html" ] || { echo "compare --html writes no page"; failed=1; }
row 'hiatus repro --variant' 'hiatus repro --target' 'hiatus repro --output'
expect 0 '' "$hiatus" repro "$dir/bad.json" --variant "$resume" --target mqtt://127.0.0.1:7 --output "$dir/repro" --requirements "$dir/own.txtpb"
expect 0 'HOST, PORT, TLS, WS_PATH = "127.0.0.1", 7, False, ""' cat "$dir/repro"
row 'hiatus run --client'
expect 0 ' passed, 0 failed' "$hiatus" run 'client/order' --client "$here/../../scenarios/targets/client.txtpb"
row 'hiatus probe --json' 'hiatus probe --profile'
expect 0 '"target_fact"' "$hiatus" probe sim --json
expect 0 'name: "sim"' "$hiatus" probe sim --profile
row 'hiatus init --url'
expect 0 'Now:' "$hiatus" init "$dir/mine" --url mqtt://127.0.0.1:1
expect 0 'mqtt://127.0.0.1:1' cat "$dir/mine/target.txtpb"

# ---- minibroker
# shows ARGUMENT… -- TEXT: a broker started so, and what a client then sees of it.
shows() {
    local arguments=()
    while [ "$1" != -- ]; do arguments+=("$1"); shift; done
    start_minibroker "broker${#pids[@]}" "$minibroker" "${arguments[@]}"
    local seen=$("$hiatus" run "$quick" --target "mqtt://127.0.0.1:$port" --log packets 2>&1)
    grep -qF -- "$2" <<<"$seen" || { echo "minibroker ${arguments[*]} does not show $2:"; grep CONNACK <<<"$seen"; failed=1; }
}
m() { for option in "$@"; do row "minibroker --$option"; done; }
m help version list-deviations list-liberties hash-password
expect 0 'Usage' "$minibroker" --help
expect 0 . "$minibroker" --version
expect 0 'sp-always-zero' "$minibroker" --list-deviations
expect 0 "$liberty" "$minibroker" --list-liberties
hash=$("$minibroker" --hash-password <<<secret)
m port host
start_minibroker host "$minibroker" --host ::1
expect 0 'listening on [::1]:' cat "$dir/host"
m deviation liberty log
start_minibroker deviant "$minibroker" --deviation sp-always-zero --liberty "$liberty" --log packets
expect 1 'MISMATCH session_present' "$hiatus" run "$sample" --target "mqtt://127.0.0.1:$port"
expect 0 'CONNACK' cat "$dir/deviant"
m receive-maximum topic-alias-maximum maximum-packet-size maximum-qos server-keep-alive no-retain no-wildcard no-shared no-subscription-identifiers
shows --receive-maximum 7 -- receive_maximum=7
shows --topic-alias-maximum 3 -- topic_alias_maximum=3
shows --maximum-packet-size 4096 -- maximum_packet_size=4096
shows --maximum-qos 1 -- maximum_qos=1
shows --server-keep-alive 33 -- server_keep_alive=33
shows --no-retain -- retain_available=0
shows --no-wildcard -- wildcard_available=0
shows --no-shared -- shared_available=0
shows --no-subscription-identifiers -- sub_id_available=0
m expiry-cap queue queue-policy queue-qos0 inflight output-limit
start_minibroker capped "$minibroker" --expiry-cap 7 --queue 50 --queue-policy drop-newest --inflight 3 --output-limit 100000
expect 0 'session_expiry=7' "$hiatus" run "$resume" --target "mqtt://127.0.0.1:$port" --log packets
start_minibroker generous "$minibroker" --queue-qos0
expect 0 'qos0-offline=yes' "$hiatus" run 'facts/qos0_offline[v5,*' --target "mqtt://127.0.0.1:$port" --verbose
expect 64 'queue-policy' "$minibroker" --queue-policy whatever
m maximum-keep-alive topic-aliases refuse-subscription
shows --maximum-keep-alive 21 -- server_keep_alive=21
start_minibroker picky "$minibroker" --topic-aliases 5 --refuse-subscription 'notes/#'
expect 0 ' passed' "$hiatus" run "$sample" --target "mqtt://127.0.0.1:$port"
timeout 20 mosquitto_sub -p "$port" -t notes/1 -E 2>&1 | grep -q denied || { echo "--refuse-subscription: it is granted"; failed=1; }
m connect-timeout
start_minibroker hasty "$minibroker" --connect-timeout 0.2
timeout 20 bash -c "exec 3<>/dev/tcp/127.0.0.1/$port; cat <&3" || { echo "--connect-timeout: the connection stays"; failed=1; }
m users no-anonymous anonymous
printf 'me:%s\n' "$hash" >"$dir/users"
start_minibroker guarded "$minibroker" --users "$dir/users" --no-anonymous
expect 0 ' passed' "$hiatus" run "$quick" --target "mqtt://me:secret@127.0.0.1:$port" --time-scale 5
expect 2 'inconclusive' "$hiatus" run 'queue/content[v5,*' --target "mqtt://127.0.0.1:$port"
start_minibroker open "$minibroker" --users "$dir/users" --anonymous
expect 0 ' passed' "$hiatus" run "$quick" --target "mqtt://127.0.0.1:$port"
m store
start_minibroker stored "$minibroker" --store "$dir/store.sqlite"
expect 0 ' passed' "$hiatus" run "$sample" --target "mqtt://127.0.0.1:$port"
kill "${pids[-1]}" && wait "${pids[-1]}" 2>/dev/null
expect 0 "minibroker's store" "$hiatus" session show "$dir/store.sqlite"
m tls-port ws-port wss-port ws-path certificate key client-ca alpn
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$dir/key.pem" -out "$dir/cert.pem" -days 2 2>/dev/null
start_minibroker tls "$minibroker" --tls-port 0 --ws-port 0 --wss-port 0 --ws-path /here --certificate "$dir/cert.pem" --key "$dir/key.pem" --client-ca "$dir/cert.pem" --alpn mqtt
for what in 'TLS' 'WebSocket' 'WebSocket over TLS'; do expect 0 "listening for $what on" cat "$dir/tls"; done
tls=$(sed -n 's/.*for TLS on .*://p' "$dir/tls") ws=$(sed -n 's/.*for WebSocket on .*://p' "$dir/tls")
expect 0 'ALPN protocol: mqtt' openssl s_client -connect "localhost:$tls" -alpn mqtt -cert "$dir/cert.pem" -key "$dir/key.pem"
expect 0 ' passed' "$hiatus" run "$sample" --target "ws://localhost:$ws/here"
expect 69 '404 Not Found' "$hiatus" run "$sample" --target "ws://localhost:$ws/there"
expect 64 'certificate' "$minibroker" --tls-port 0
