#!/usr/bin/env bash
# options.sh HIATUS MINIBROKER: every option of every --help has a row below, and every row shows that the option works.
set -u
. "$(dirname "$0")/common.sh"
declare -A rows
here=$(dirname "$0")
. "$here/optionrows.sh" # fills rows and runs them

# What the programs offer: the hidden completion tables name each option with its path.
offered() {
    "$1" --completion bash | sed -nE 's/^        "(\/[a-z-]+(\/[a-z-]+)*)?"\) words="(.*)" ;;$/\1|\3/p' | while IFS='|' read -r path words; do
        for word in $words; do [[ $word == --* ]] && echo "$2${path//\// } $word"; done
    done
}
# And the same by reading --help, so that a table that forgets one is found.
helped() {
    "$1" ${3:-} --help 2>/dev/null | grep -oE '^ +(-[a-z],)?--[a-z][a-z0-9-]*' | grep -oE -- '--.*' | sed "s/^/$2${3:+ $3} /"
}
all=$(offered "$hiatus" hiatus; offered "$minibroker" minibroker; helped "$hiatus" hiatus; helped "$minibroker" minibroker
      for sub in $("$hiatus" --completion bash | sed -nE 's/^        ""\) words="(.*)" ;;$/\1/p'); do
          [[ $sub == --* ]] || helped "$hiatus" hiatus "$sub"
      done)
all=$(sort -u <<<"$all")
[ "$(wc -l <<<"$all")" -gt 60 ] || { echo "the walk finds too few options:"; echo "$all"; exit 1; }
while read -r option; do
    [ -n "${rows[$option]:-}" ] || { echo "no test row for: $option"; failed=1; }
done <<<"$all"
for option in "${!rows[@]}"; do
    grep -qxF -- "$option" <<<"$all" || { echo "a test row for an option that is gone: $option"; failed=1; }
done
exit $failed
