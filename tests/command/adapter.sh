#!/usr/bin/env bash
# adapter.sh HIATUS MINIBROKER: CLIENT scenarios against a client behind an adapter process: ours passes, faulty ones are killed
# by the statement meant, what an adapter cannot do is skipped, and one that misbehaves is no verdict on a client.
set -u
. "$(dirname "$0")/common.sh"
mkdir "$dir/temporary"
export TMPDIR=$dir/temporary
profile() { # NAME ARGUMENT…
    local name=$1 argument
    shift
    { echo 'client {'; for argument in "$@"; do printf '  argument: "%s"\n' "$argument"; done; echo '}'; } >"$dir/$name.txtpb"
}
profile ours hiatus-client-adapter
expect 0 ' passed, 0 failed' "$hiatus" run --role client --client "$dir/ours.txtpb" --quiet
expect 0 'the adapter can be used' "$hiatus" adapter-check "$dir/ours.txtpb"
while read -r deviation scenario statement; do
    profile "$deviation" hiatus-client-adapter --deviation "$deviation"
    expect 1 "$statement" "$hiatus" run "$scenario" --client "$dir/$deviation.txtpb"
done <<'SAMPLE'
client-resend-without-dup client/publish_owed MQTT-3.3.1-1
no-resend-on-reconnect client/publish_owed MQTT-4.4.0-1
client-drop-pubrel-on-reconnect client/pubrel_owed MQTT-4.
resend-out-of-order client/order MQTT-4.6.0-1
will-at-qos-3 client/same_again MQTT-3.1.2-1
frees-id-at-pubrec client/identifier_held MQTT-2.3.1-3#b
SAMPLE
# A client that is given its commands late is fenced behind them: it could not have sent what it had not been asked for yet.
late=(/usr/bin/env python3 "$(realpath "$(dirname "$0")/late.py")" 0.5 "$(realpath "$(dirname "$hiatus")")/hiatus-client-adapter")
profile late "${late[@]}"
profile late-faulty "${late[@]}" --deviation frees-id-at-pubrec
expect 0 ' passed, 0 failed' "$hiatus" run 'client/identifier_held[v5,open=pubrel]' --client "$dir/late.txtpb" --quiet
expect 1 'U5-2.2.1-1' "$hiatus" run 'client/identifier_held[v5,open=pubrel]' --client "$dir/late-faulty.txtpb"
# Adapters that are none.
profile absent "$dir/no-such-program"
expect 69 'cannot be started' "$hiatus" adapter-check "$dir/absent.txtpb"
expect 69 'cannot be started' "$hiatus" run 'client/order' --client "$dir/absent.txtpb" --confirm 0
printf '%s\n' '#!/bin/sh' "printf '\\377\\377\\377\\377\\377\\377\\377'" 'exec cat >/dev/null' >"$dir/noise" && chmod +x "$dir/noise"
profile noise "$dir/noise"
expect 70 'no ClientEvent' "$hiatus" run 'client/order' --client "$dir/noise.txtpb" --confirm 0
printf '#!/bin/sh\necho out of order >&2; exit 3\n' >"$dir/dying" && chmod +x "$dir/dying"
profile dying "$dir/dying"
expect 70 'status 3: out of order' "$hiatus" run 'client/order' --client "$dir/dying.txtpb" --confirm 0
expect 69 'status 3: out of order' "$hiatus" adapter-check "$dir/dying.txtpb"
expect 64 'has to say `client' "$hiatus" run --client <(echo 'url: "mqtt://h"')
# Nothing is left behind, also where the adapter is the child of a script.
left=$(ls "$TMPDIR")
[ -z "$left" ] || { echo "left behind: $left"; failed=1; }
pgrep -f "$dir/" >/dev/null && { echo "adapters are left"; pgrep -af "$dir/"; failed=1; }
exit $failed
