#!/usr/bin/env bash
# fields.sh HIATUS MINIBROKER: what a profile says of its target is done: topic root, rate, accounts, endpoints, queue.
set -u
. "$(dirname "$0")/common.sh"
profile() { printf '%s\n' "$@" >"$dir/profile.txtpb"; }
target="$dir/profile.txtpb"

# topic_root: whatever is published or subscribed to is below it.
start_minibroker rooted "$minibroker" --log packets
profile "url: \"mqtt://127.0.0.1:$port\"" 'topic_root: "tests/of hiatus"'
expect 0 ' passed, 0 failed' "$hiatus" run "$sample" 'queue/content[v5,*' 'shared/groups' 'will/content' --role server --target "$target"
grep -E 'PUBLISH|SUBSCRIBE' "$dir/rooted" | grep -q 'tests/of hiatus/' || { echo "nothing is below the topic root"; failed=1; }
grep -E ' (PUBLISH|SUBSCRIBE|UNSUBSCRIBE) ' "$dir/rooted" | grep -vF -e 'tests/of hiatus/' -e '$SYS/' | head -3 | grep . && { echo "this is not below the topic root"; failed=1; }
for root in '/a' 'a/' '$a' 'a/#' 'a/+/b' ''; do
    profile "url: \"mqtt://127.0.0.1:$port\"" "topic_root: \"$root\""
    expect 64 'a topic_root is the beginning of a topic' "$hiatus" run "$quick" --target "$target"
done

# connects_per_second: a dozen connections and more at ten in a second cannot be over in less than one.
profile "url: \"mqtt://127.0.0.1:$port\"" 'connects_per_second: 10'
began=$(date +%s%N)
expect 0 ' passed, 0 failed' "$hiatus" run 'takeover/closes_the_old' --role server --target "$target"
[ $((($(date +%s%N) - began) / 1000000)) -ge 1000 ] || { echo "a dozen connections at 10 in a second took less than a second"; failed=1; }
profile "url: \"mqtt://127.0.0.1:$port\"" 'connects_per_second: 0'
expect 64 'no connection at all' "$hiatus" run "$quick" --target "$target"

# Accounts: the second one is who it says; without one the scenario is skipped by name.
printf 'me:%s\nyou:%s\n' "$("$minibroker" --hash-password <<<Xmine7413X)" "$("$minibroker" --hash-password <<<Xyours7413X)" >"$dir/users"
start_minibroker guarded "$minibroker" --users "$dir/users" --no-anonymous
guarded=$port
profile "url: \"mqtt://127.0.0.1:$guarded\"" 'account { user: "me" password: "Xmine7413X" }' 'account { user: "you" password: "Xyours7413X" }'
expect 0 'session-for-another-account=given' "$hiatus" run 'session/other_account' --target "$target" --time-scale 3 --verbose --trace all --report "json:$dir/accounts.json" --report "pcapng:$dir/accounts.pcapng"
grep -raqE 'X(mine|yours)7413X' "$dir/accounts.json" "$dir/accounts.pcapng" && { echo "a password is in the report"; failed=1; }
profile "url: \"mqtt://127.0.0.1:$guarded\"" 'account { user: "me" password: "Xmine7413X" }' 'account { user: "you" password: "wrong" }'
expect 0 'session-for-another-account=refused' "$hiatus" run 'session/other_account' --target "$target" --time-scale 3 --verbose
profile "url: \"mqtt://127.0.0.1:$guarded\"" 'account { user: "me" password: "Xmine7413X" }'
expect 3 'skipped for want of accounts' "$hiatus" run 'session/other_account' --target "$target"

# Endpoints: the second way into the same broker, and one that leads nowhere.
start_minibroker nodes "$minibroker" --ws-port 0
ws=$(sed -n 's/.*for WebSocket on .*://p' "$dir/nodes")
profile "url: \"mqtt://127.0.0.1:$port\"" "endpoint: \"ws://127.0.0.1:$ws\""
expect 0 ' passed, 0 failed' "$hiatus" run 'nodes/*' --target "$target"
profile "url: \"mqtt://127.0.0.1:$port\"" 'endpoint: "mqtt://127.0.0.1:1"'
expect 69 'endpoint: target 127.0.0.1:1 cannot be connected to' "$hiatus" run 'nodes/*' --target "$target"
profile "url: \"mqtt://127.0.0.1:$port\"" 'endpoint: "http://h"'
expect 64 "scheme 'http' is not spoken here" "$hiatus" run 'nodes/*' --target "$target"
expect 3 'skipped for want of endpoints' "$hiatus" run 'nodes/*' --target "mqtt://127.0.0.1:$port"

# A queue that is full: as declared, shorter, longer, and from the other end.
overflow() { # STATUS TEXT DECLARED OPTION…
    local status=$1 text=$2 declared=$3
    shift 3
    start_minibroker "queue${#pids[@]}" "$minibroker" "$@"
    profile "url: \"mqtt://127.0.0.1:$port\"" "$declared"
    expect "$status" "$text" "$hiatus" run 'queue/overflow_*' --target "$target" --confirm 0
}
overflow 0 'skipped for want of drops-newest' 'queue_limit: 5 overflow: DROPS_OLDEST' --queue 5
overflow 0 'skipped for want of drops-oldest' 'queue_limit: 5 overflow: DROPS_NEWEST' --queue 5 --queue-policy drop-newest
overflow 1 'MQTT-4.5.0-1' 'queue_limit: 5 overflow: DROPS_OLDEST' --queue 5 --queue-policy drop-newest
overflow 1 'MQTT-4.5.0-1' 'queue_limit: 5 overflow: DROPS_NEWEST' --queue 4 --queue-policy drop-newest
overflow 0 'D5-12' 'queue_limit: 5 overflow: DROPS_OLDEST' --queue 9
overflow 3 'skipped for want of queue-limit' ''
overflow 64 'There is no queue_limit' 'overflow: DROPS_OLDEST'
overflow 64 'a queue_limit is 1 to 5000' 'queue_limit: 0 overflow: DROPS_OLDEST'
exit $failed
