#!/usr/bin/env bash
# renewreadme.sh HIATUS: writes what the program says now into the README's real run. For people; the test only compares.
set -euo pipefail
cd "$(dirname "$0")/../.."
hiatus=$1
command=$(awk '/^<!-- a real run -->$/{on=1} on && /^\$ /{print substr($0, 3); exit}' README.md)
output=$(eval "${command/#hiatus/\"$hiatus\"}" 2>&1 | sed -E 's#(/[^ ]*)?/scenarios/#scenarios/#g' || true)
awk -v output="$output" '
    /^<!-- a real run -->$/ { on = 1 }
    on && /^```/ { fence++; if (fence == 2) { print output; on = 0 } }
    !(on && fence == 1 && !/^```/ && !/^\$ /) { print }
' README.md >README.md.new
mv README.md.new README.md
