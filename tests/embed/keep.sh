#!/usr/bin/env bash
# keep.sh KEEP MINIBROKER: the program of docs/keep-a-session.md does what the page says.
set -uo pipefail
keep=$1 minibroker=$2
. "$(dirname "$0")/../real/common.sh"
start_minibroker broker "$minibroker" --log packets
run() { timeout 30 "$keep" 127.0.0.1 "$port" "$dir/session.ini" "$@" 2>&1; }
# said OUTPUT LINE
said() { grep -qF "$2" <<<"$1" || { printf 'it should have said "%s":\n%s\n' "$2" "$1"; cat "$dir/broker"; exit 1; }; }
first=$(run "four apples") || { echo "$first"; exit 1; }
said "$first" "new session"
if grep -qF delivered <<<"$first"; then echo "nothing is left to be finished: $first"; exit 1; fi
second=$(run) || { echo "$second"; exit 1; }
said "$second" resumed
said "$second" delivered
[ "$(grep -c 'PUBLISH .*four apples' "$dir/broker")" -ge 2 ] || { echo "the message was not sent again"; cat "$dir/broker"; exit 1; }
# A string that was damaged is refused, and the program goes on without it.
sed -i 's/^session=\(.*\)....$/session=\1AAAA/' "$dir/session.ini"
third=$(run "five pears") || { echo "$third"; exit 1; }
said "$third" "beginning anew"
