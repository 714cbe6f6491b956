#!/usr/bin/env bash
# instances.sh HIATUS MINIBROKER: a target that is ours to start, once and several times side by side; who kills it is found.
set -u
. "$(dirname "$0")/common.sh"
sample='session_present/table[v5,fin,*]'
mkdir "$dir/tmp"
export TMPDIR=$dir/tmp

# profile NAME INSTANCES: a target that $dir/NAME.sh PORT DIR is, and that says where it is.
profile() {
    cat >"$dir/$1.txtpb" <<EOF
url: "mqtt://127.0.0.1:{port}"
durability: GRACEFUL
instances: $2
start { argument: ["/bin/bash", "$dir/$1.sh", "{port}", "{dir}"] ready_line: "listening on " }
EOF
    { echo "echo started \$1 >>$dir/$1.started"; cat; } >"$dir/$1.sh"
}
# run NAME STATUS PATTERN…: against that target.
run() {
    local name=$1 status=$2 actual
    shift 2
    "$hiatus" run "$@" --target "$dir/$name.txtpb" --report "json:$dir/$name.json" >"$dir/$name.out" 2>&1
    actual=$?
    [ $actual = "$status" ] || { echo "$name: status $actual"; tail -30 "$dir/$name.out"; failed=1; }
}
# says NAME TEXT
says() { grep -qF -- "$2" "$dir/$1.out" || { echo "$1 does not say: $2"; tail -30 "$dir/$1.out"; failed=1; }; }

# Restarts beside everything else: on further instances, or on the only one at the end; verdicts are alike.
profile one 1 <<<"exec '$minibroker' --port \$1 --store \$2/store.sqlite"
profile three 3 <<<"exec '$minibroker' --port \$1 --store \$2/store.sqlite"
profile onlyone 3 <<<"mkdir $dir/there 2>/dev/null && touch \$2/first; [ -e \$2/first ] || exit 3; exec '$minibroker' --port \$1 --store \$2/store.sqlite"
for name in one three onlyone; do
    run $name 0 'restart/subscriptions[*,graceful]' 'restart/queue[*,graceful]' "$quick"
    grep -oE '"(variant|verdict)": *"[^"]*"' "$dir/$name.json" >"$dir/$name.verdicts"
    cmp "$dir/one.verdicts" "$dir/$name.verdicts" || failed=1
done
[ "$(sort -u "$dir/one.started" | wc -l)" = 1 ] || { echo "more than one instance"; cat "$dir/one.started"; failed=1; }
[ "$(sort -u "$dir/three.started" | wc -l)" = 3 ] || { echo "not three instances"; cat "$dir/three.started"; failed=1; }
says onlyone 'a further instance of the target does not start'

# A topic that kills it: of all that were at work then, the one is found in each version, and nobody else is accused.
cat >"$dir/deadly.txtpb" <<'EOF'
title: "A topic that nobody survives"
lane { name: "dev" keep_for: 300 }
step { open { on: "dev" session_present: false } }
step { drop { on: "dev" } }
step { open { on: "dev" session_present: true } }
step { label: "deadly" publish { on: "dev" topic: "deadly" qos: 1 payload: "x" cite { v3: "MQTT-4.3.2-2#a" v5: "MQTT-4.3.2-4" } } }
step { wait { until: JUST_AFTER since: "deadly" seconds: 1 } }
EOF
for instances in 1 3; do
    profile dies$instances $instances <<EOF
exec '$minibroker' --port \$1 --log packets > >(while IFS= read -r line; do
    echo "\$line"
    case \$line in *PUBLISH*deadly*) kill -9 \$\$ ;; esac
done) 2>&1
EOF
    run dies$instances 1 "$dir/deadly.txtpb" "$sample"
    [ "$(grep -c '"reason": *"TARGET_DIED"' "$dir/dies$instances.json")" = 2 ] || { echo "not the two that kill it"; tail -30 "$dir/dies$instances.out"; failed=1; }
    says dies$instances ' 2 failed, 0 skipped'
done

# It dies of company: nobody is guilty, and nobody is cleared. They stay for a second, so that all are there at once.
cat >"$dir/crowded.txtpb" <<'EOF'
title: "Four that are there at once"
axes { version: V5 axis { name: "seat" value: ["1", "2", "3", "4"] } }
lane { name: "watch" }
step { label: "in" open { on: "watch" session_present: false } }
step { wait { since: "in" seconds: 1 } }
EOF
profile crowd 1 <<EOF
declare -A here
exec '$minibroker' --port \$1 --log packets > >(while IFS= read -r line; do
    echo "\$line"
    set -- \$line
    case \$line in *"watch > CONNECT"*) here[\$2]=1 ;; *"watch closed"*) unset "here[\$2]" ;; esac
    [ \${#here[@]} -lt 4 ] || kill -9 \$\$
done) 2>&1
EOF
run crowd 2 "$dir/crowded.txtpb"
says crowd 'alone, none of them does it again'

[ -z "$(ls -A "$TMPDIR")" ] || { echo "files are left:"; ls "$TMPDIR"; failed=1; }
processes=$(grep -lzF "$TMPDIR/hiatus-" /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null)
[ -z "$processes" ] || { echo "processes are left: $processes"; failed=1; }
exit $failed
