#!/usr/bin/env bash
# init.sh HIATUS MINIBROKER: what `hiatus init` writes works as written: the profile says what the broker is, the baseline fits
# after the first run, the gate closes.
set -u
. "$(dirname "$0")/common.sh"
export PATH=$(dirname "$hiatus"):$PATH
start_minibroker broker "$minibroker" --maximum-qos 1 --no-shared --receive-maximum 7
expect 0 'Now:' "$hiatus" init "$dir/acme/" --url "mqtt://me:Xsecret7414X@127.0.0.1:$port"
grep -rq Xsecret7414X "$dir/acme" && { echo "the password is in the folder"; failed=1; }
for line in 'name: "acme"' "url: \"mqtt://me@127.0.0.1:$port\"" '#   speaks 3.1.1, 5.0' '#   receive-maximum: 7' \
    'capability { name: "qos2" version: V3 present: false why: "probed: SUBACK grants QoS 1" }' \
    'capability { name: "shared" version: V5 present: false why: "probed: Shared Subscription Available 0" }'; do
    expect 0 "$line" cat "$dir/acme/target.txtpb"
done
expect 0 'speaks    3.1.1, 5.0' "$hiatus" probe "$dir/acme/target.txtpb"
expect 64 'already there' "$hiatus" init "$dir/acme"
expect 0 'no errors' "$hiatus" lint "$dir/acme/scenarios/commands_wait.txtpb" --requirements "$dir/acme/requirements.txtpb"
expect 64 'OURS-1' "$hiatus" lint "$dir/acme/scenarios/commands_wait.txtpb"
ours=(--statement OURS-1) # of the whole gate: docs.test_your_broker runs all of it
expect 0 ' passed, 0 failed' "$dir/acme/run" "${ours[@]}"
for report in report.json report.xml page/index.html; do [ -s "$dir/acme/$report" ] || { echo "no $report"; failed=1; }; done
grep -q 'acme/run' "$dir/acme/ci.yml" || { echo "the CI job does not call acme/run"; failed=1; }
python3 -c 'import sys
try:
    import yaml
except ImportError:
    sys.exit(0)
job = yaml.safe_load(open(sys.argv[1]))["jobs"]["session-conformance"]
assert job["steps"][-1]["with"]["path"].split() == ["acme/report.*", "acme/page"], job' "$dir/acme/ci.yml" || { echo "ci.yml is no job"; failed=1; }
# A gate that can close: a faulty broker, by our own statement; known, it opens; mended, the baseline is what does not fit.
mended=$port
start_minibroker faulty "$minibroker" --deviation sp-always-zero
sed -i "s#^url: .*#url: \"mqtt://127.0.0.1:$port\"#; /^capability/d" "$dir/acme/target.txtpb"
expect 1 ' failed' "$dir/acme/run" "${ours[@]}"
expect 0 'entries added' "$dir/acme/run" "${ours[@]}" --baseline-update
expect 0 'failed as the baseline expects' "$dir/acme/run" "${ours[@]}"
sed -i "s#^url: .*#url: \"mqtt://127.0.0.1:$mended\"#" "$dir/acme/target.txtpb"
expect 1 'baseline' "$dir/acme/run" "${ours[@]}"
# Nobody there: a folder all the same, and it says so. No URL: nothing.
expect 0 'the profile declares nothing but the address' "$hiatus" init "$dir/later" --url mqtt://127.0.0.1:1
expect 0 'url: "mqtt://127.0.0.1:1"' cat "$dir/later/target.txtpb"
expect 64 '--url takes' "$hiatus" init "$dir/none" --url localhost
expect 64 'Invalid port' "$hiatus" init "$dir/none" --url mqtt://h:99999
[ ! -e "$dir/none" ] || { echo "a folder for no broker"; failed=1; }
exit $failed
