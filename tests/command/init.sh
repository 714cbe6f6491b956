#!/usr/bin/env bash
# init.sh HIATUS MINIBROKER: what `hiatus init` writes works as written.
set -u
. "$(dirname "$0")/common.sh"
export PATH=$(dirname "$hiatus"):$PATH
start_minibroker broker "$minibroker"
expect 0 'Now:' "$hiatus" init "$dir/acme" --url "mqtt://127.0.0.1:$port"
expect 64 'already there' "$hiatus" init "$dir/acme"
expect 0 'no errors' "$hiatus" lint "$dir/acme/scenarios/commands_wait.txtpb" --requirements "$dir/acme/requirements.txtpb"
expect 64 'OURS-1' "$hiatus" lint "$dir/acme/scenarios/commands_wait.txtpb"
expect 0 ' passed, 0 failed' "$dir/acme/run"
[ -s "$dir/acme/report.json" ] && [ -s "$dir/acme/report.xml" ] || { echo "no reports"; failed=1; }
grep -q 'acme/run' "$dir/acme/ci.yml" || { echo "the CI job does not call acme/run"; failed=1; }
python3 -c 'import sys
try:
    import yaml
except ImportError:
    sys.exit(0)
yaml.safe_load(open(sys.argv[1]))' "$dir/acme/ci.yml" || { echo "ci.yml is no YAML"; failed=1; }
# A gate that can close: a faulty broker, by our own statement.
start_minibroker faulty "$minibroker" --deviation sp-always-zero
sed -i "s#url: \"[^\"]*\"#url: \"mqtt://127.0.0.1:$port\"#" "$dir/acme/target.txtpb"
expect 1 ' failed' "$dir/acme/run"
exit $failed
