#!/usr/bin/env bash
# A simulated result is a pure function of variant, alterations and seed.
set -euo pipefail
hiatus=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
for n in 1 2; do
    "$hiatus" run --quiet --seed 7 --trace all --report "json:$dir/$n.json" >/dev/null
    # The wall clock appears in two fields of the report as a whole, the report's own name in its command.
    sed -E 's/"started": *[0-9.e+]+//g; s/"duration": *[0-9.e+]+//g; s/"command": *"[^"]*"//' "$dir/$n.json" >"$dir/$n"
done
cmp "$dir/1" "$dir/2"
