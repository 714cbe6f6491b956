#!/usr/bin/env bash
# Bad input: a clear sentence and the right exit status, never a crash.
set -uo pipefail
hiatus=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
# expect STATUS TEXT COMMAND…
expect() {
    local status=$1 text=$2 output actual
    shift 2
    output=$("$@" 2>&1)
    actual=$?
    if [ $actual -ne "$status" ] || ! grep -qF -- "$text" <<<"$output"; then
        printf 'expected status %s and "%s"\n  of %s\n  got %s: %s\n' "$status" "$text" "$*" "$actual" "$output"
        failed=1
    fi
}
expect 64 'nothing is called session_present/tabel; did you mean "session_present/table"?' "$hiatus" run session_present/tabel
expect 64 'resend-without-dup' "$hiatus" run --deviation resend-without-dub
expect 64 'no such file' "$hiatus" lint "$dir/absent.txtpb"
expect 64 'there is no file' "$hiatus" run --target "$dir/absent"
expect 64 '--report takes' "$hiatus" run session_present/table --report xml:x
expect 64 'Usage:' "$hiatus"
expect 0 'MQTT-4.4.0-1' "$hiatus" explain MQTT-4.4.0-1
expect 64 'MQTT-99' "$hiatus" explain MQTT-99.9.9-9
cat >"$dir/broken.txtpb" <<'SCRIPT'
title: "Broken in several places"
lane { name: "dev" keep_for: 60 }
step { open { on: "dev" sesion_present: true } }
step { open { on: "nobody" session_present: true } }
step { ack { on: "dev" id: "never-bound" } }
step { expect { on: "dev" pubrel {} cite { v3: "MQTT-0.0.0-0" v5: "MQTT-0.0.0-0" } } }
SCRIPT
expect 64 'broken.txtpb:3:' "$hiatus" lint "$dir/broken.txtpb"
sed -i 's/sesion_present/session_present/' "$dir/broken.txtpb"
for line in 4 5 6; do
    expect 64 "broken.txtpb:$line:" "$hiatus" lint "$dir/broken.txtpb"
done
expect 64 'broken.txtpb:4:' "$hiatus" run "$dir/broken.txtpb"
head -c 3000 /dev/urandom >"$dir/noise.txtpb"
expect 64 'noise.txtpb:' "$hiatus" lint "$dir/noise.txtpb"
echo '{"result":[' >"$dir/cut.json"
expect 64 'cut.json' "$hiatus" judge "$dir/cut.json"
echo 'expected { variant: "x" verdict: "FAIL" }' >"$dir/baseline"
expect 64 'why' "$hiatus" run session_present/table --baseline "$dir/baseline"
exit $failed
