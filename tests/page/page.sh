#!/usr/bin/env bash
# page.sh HIATUS OUT: writes pages, opens them in headless Chromium, keeps the screenshots and the figures in OUT. Exit 77
# with a reason where there is no Chromium, or no playwright-core and no way to get it.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
hiatus=$1 out=$2
skip() { echo "skipped: $*"; exit 77; }
chromium=$(command -v chromium || command -v chromium-browser) || skip "there is no chromium"
command -v node >/dev/null || skip "there is no node"
mkdir -p "$out"
if [ ! -d "$out/node_modules/playwright-core" ] || ! cmp -s "$here/package-lock.json" "$out/package-lock.json"; then
    command -v npm >/dev/null || skip "there is no npm to get playwright-core with"
    cp "$here/package.json" "$here/package-lock.json" "$out/"
    (cd "$out" && npm ci --no-audit --no-fund --silent --fetch-retries=1 >npm.log 2>&1) || { rm -rf "$out/package-lock.json"; skip "npm cannot get playwright-core: $(tail -1 "$out/npm.log")"; }
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat >"$dir/baseline.txtpb" <<'EOF'
# proto-file: hiatus/v1/target.proto
# proto-message: hiatus.v1.Baseline
expected { variant: "qos2/*" verdict: "FAIL" why: "to see the hatching" }
EOF
cd "$dir" || exit 70
# A run of a faulty broker, one of a sound one, both side by side, and a large one.
"$hiatus" run --deviation resend-without-dup --baseline baseline.txtpb --report html:faulty --report json:faulty.json >/dev/null
[ $? = 1 ] || { echo "the faulty broker should fail"; exit 1; }
"$hiatus" run --report json:sound.json >/dev/null || { echo "the sound broker should pass"; exit 1; }
"$hiatus" mutants 'session_present/*' --only sp-always-zero --only sp-one-on-clean-start --report json:mutants.json >/dev/null # a few are enough to see
"$hiatus" compare sound.json faulty.json mutants.json --html compared >/dev/null
[ $? = 1 ] || { echo "compare should see what got worse"; exit 1; }
"$hiatus" run --repeat 2 --report html:large >/dev/null
PAGES=$dir OUT=$out CHROMIUM=$chromium PLAYWRIGHT=$out/node_modules/playwright-core/index.js node --test "$here/page.test.mjs"
