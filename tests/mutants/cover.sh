#!/usr/bin/env bash
# cover.sh HIATUS: what a run over the network takes by default, a cover of the axes, kills every broker deviation too.
set -euo pipefail
hiatus=$1
# The plan needs no target: nothing listens there.
mapfile -t cover < <("$hiatus" run --plan --role server --target mqtt://127.0.0.1:1 | awk '/\]  [0-9]/ { print $1 }')
whole=$("$hiatus" run --plan --role server | awk '/\]  [0-9]/ { n++ } END { print n }')
echo "${#cover[@]} of $whole variants"
[ "${#cover[@]}" -gt 200 ] && [ "${#cover[@]}" -lt "$whole" ] || { echo "that is no cover"; exit 1; }
"$hiatus" mutants --role server "${cover[@]}"
