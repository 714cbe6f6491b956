#!/usr/bin/env bash
# compare.sh PROGRAMS TARGETS: the published example, on a part of the catalogue and the brokers that are quick.
set -uo pipefail
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
BROKERS='reference minibroker mosquitto nosuch' MUTANTS=no HIATUS_PROGRAMS=$1 "$2/compare" "$out" 'session_present/*' 'subscriptions/*' >"$out/said" 2>&1 ||
    { cat "$out/said"; exit 1; }
failed=0
has() { grep -qF -- "$2" "$1" || { echo "$1 lacks: $2"; cat "$out/said"; failed=1; }; }
has "$out/said" "$out/index.html"
columns='sim minibroker'
[ ! -e /usr/sbin/mosquitto ] && has "$out/said" 'mosquitto is left out' || columns+=' mosquitto'
for column in $columns; do
    grep -qE "<span class=\"target\">$column" "$out/index.html" || { echo "no column for $column"; cat "$out/said"; failed=1; }
done
has "$out/index.html" 'session_present/table'
grep -q 'is left out' "$out/said" && [ -e /usr/sbin/mosquitto ] && { echo "a broker that is here is left out"; cat "$out/said"; failed=1; }
exit $failed
