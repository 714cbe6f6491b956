#!/usr/bin/env bash
# names_the_side_at_fault.sh HIATUS: a pair that loses or doubles a message is not accused as a pair: the packets on the
# wires tell which side did it. Each line: deviation, scenario, the role that has to be charged, and no other.
set -uo pipefail
hiatus=$1
report=$(mktemp)
trap 'rm -f "$report"' EXIT
while read -r deviation scenario role; do
    "$hiatus" run --quiet "$scenario" --deviation "$deviation" --trace none --report "json:$report" >/dev/null 2>&1
    [ $? -eq 1 ] || { echo "$deviation survives $scenario"; exit 1; }
    roles=$(perl -ne '$in = 1 if /"reason":/; $in = 0 if /^\s*}/; $seen{$1}++ if $in && /"role": "(\w+)"/; END { print join(" ", sort keys %seen) }' "$report")
    [ "$roles" = "$role" ] || { echo "$deviation in $scenario is charged to \"$roles\", not to $role"; exit 1; }
    echo "$deviation: $role"
done <<'FAULTS'
no-resend-on-reconnect pair/to_broker CLIENT
resend-publish-after-pubrel pair/to_broker CLIENT
client-drop-pubrel-on-reconnect pair/to_broker CLIENT
requeue-and-resend-same-message pair/to_broker CLIENT
reconnect-with-clean-start-1 pair/to_broker CLIENT
forget-inbound-qos2-ids-on-resume pair/to_broker SERVER
no-inbound-qos2-dedupe pair/to_broker SERVER
deliver-inbound-qos2-twice pair/to_client CLIENT
ignores-dup pair/to_client CLIENT
drop-inflight-on-disconnect pair/to_client SERVER
resend-publish-instead-of-pubrel pair/to_client SERVER
puback-of-the-other-version pair/to_broker SERVER
puback-of-the-other-version pair/to_client SERVER
new-packet-ids-on-resume pair/to_client SERVER
FAULTS
