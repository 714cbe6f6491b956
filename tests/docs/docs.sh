#!/usr/bin/env bash
# docs.sh BIN PAGE: does what the page says. Blocks that follow `<!-- run -->` are run, top to bottom, each of its commands with
# exit status 0 (`<!-- run: N -->`: N); blocks after `<!-- write FILE -->` are written. A minibroker listens where the page says
# localhost:1883.
set -uo pipefail
bin=$(cd "$1" && pwd) page=$(realpath "$2")
. "$(dirname "$0")/../real/common.sh"
export PATH=$bin:$PATH
start_minibroker minibroker.log minibroker
mkdir "$dir/work" && cd "$dir/work" || exit 70
# numbered blocks: NUMBER.kind has "run N" or "write FILE", NUMBER.text the block
awk -v out="$dir" '
    /^<!-- (run|write)/ { kind = $0; gsub(/^<!-- | -->$/, "", kind); next }
    /^```/ && !inside { inside = 1; if (kind != "") { n++; print kind > (out "/" n ".kind"); printf "" > (out "/" n ".text") } next }
    /^```/ { inside = 0; kind = ""; next }
    inside && kind != "" { print > (out "/" n ".text") }
' "$page"
number=0
while [ -e "$dir/$((++number)).kind" ]; do
    kind=$(cat "$dir/$number.kind")
    sed -i "s/localhost:1883/localhost:$port/g" "$dir/$number.text"
    if [ "${kind%% *}" = write ]; then
        mkdir -p "$(dirname "${kind#write }")" && cp "$dir/$number.text" "${kind#write }"
        continue
    fi
    wanted=$(grep -oE '[0-9]+$' <<<"$kind") || wanted=0
    # A command may go over several lines; every one has the status wanted.
    sed -e ':a' -e '/\\$/N; s/\\\n *//; ta' "$dir/$number.text" | while IFS= read -r command; do
        echo "\$ $command"
        bash -c "$command" </dev/null >"$dir/output" 2>&1
        status=$?
        [ $status = "$wanted" ] || { tail -30 "$dir/output"; echo "exit $status, and the page says $wanted"; exit 1; }
    done || exit 1
done
[ "$number" -gt 1 ] || { echo "$page has nothing to run"; exit 1; }
