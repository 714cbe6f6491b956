#!/usr/bin/env bash
# secrets.sh HIATUS MINIBROKER: a password is in no report, log, trace, message or process list.
set -u
. "$(dirname "$0")/common.sh"
secret=Xsecret7411X
hash=$("$minibroker" --hash-password <<<"$secret")
printf 'me:%s\n' "$hash" >"$dir/users"
start_minibroker broker "$minibroker" --users "$dir/users" --no-anonymous --log packets --deviation resend-without-dup
mkdir "$dir/kept"
# hasSecret: plain, hexadecimal, base64 (any of its three phases, without the ends).
has_secret() {
    local hex base phases=()
    hex=$(printf %s "$secret" | od -An -tx1 | tr -d ' \n')
    for pad in '' a aa; do base=$(printf %s "$pad$secret" | base64); phases+=(-e "${base:4:10}"); done
    grep -raqF -e "$secret" -e "$hex" "${phases[@]}" "$@"
}
check() { # WHAT PATH…
    local what=$1
    shift
    has_secret "$@" && { echo "the password is in $what"; grep -raoF "$secret" "$@" | head -3; failed=1; }
}
printf %s "$secret" >"$dir/probe" && has_secret "$dir/probe" || { echo "the check finds nothing"; exit 1; }
printf 'password: %s' "$secret" | base64 >"$dir/probe" && has_secret "$dir/probe" || { echo "the check finds no base64"; exit 1; }
run() { # NAME TARGET
    "$hiatus" run 'queue/qos1_resume[v5,rst,*' 'expiry/counts_from_close' --target "$2" --trace all --log packets --verbose --time-scale 5 --jobs 2 --report "json:$dir/kept/$1.json" \
        --report "junit:$dir/kept/$1.xml" --report "html:$dir/kept/$1" --report "pcapng:$dir/kept/$1.pcapng" --report "github:$dir/kept/$1.github" \
        >"$dir/kept/$1.out" 2>&1 &
    local pid=$! line
    while kill -0 $pid 2>/dev/null; do
        line=$(tr '\0' ' ' </proc/$pid/cmdline 2>/dev/null)
        [ -n "$line" ] && printf '%s\n' "$line" >"$dir/kept/$1.cmdline" # the last look counts: the first may come too early
        read -rt 0.05 <> <(:) || true
    done
    wait $pid
    [ $? -eq 1 ] || { echo "$1: the run did not fail as it should"; tail -5 "$dir/kept/$1.out"; failed=1; }
}
at_once run url "mqtt://me:$secret@127.0.0.1:$port"
export HIATUS_PASSWORD=$secret
at_once run environment "mqtt://me@127.0.0.1:$port"
cat >"$dir/profile.txtpb" <<PROFILE
url: "mqtt://me:$secret@127.0.0.1:$port"
PROFILE
at_once run profile "$dir/profile.txtpb"
unset HIATUS_PASSWORD
all_well
"$hiatus" repro "$dir/kept/url.json" --variant "$resume" --output "$dir/kept/repro.py"
expect 1 'MISMATCH' env HIATUS_PASSWORD=$secret python3 "$dir/kept/repro.py"
grep -q 'me:\*\*\*@' "$dir/kept/url.cmdline" || { echo "the process list was not read"; failed=1; }
grep -q "mqtt://me:\*\*\*@" "$dir/kept/url.out" || { echo "the rerun command does not name the target"; failed=1; }
for url in "mqtt://me:$secret@127.0.0.1:1" "mqtt://me:$secret@" "http://me:$secret@h" "mqtt://me:${secret}@host:x"; do
    "$hiatus" run session_present/table --target "$url" >>"$dir/kept/errors" 2>&1
done
check "what Hiatus wrote" "$dir/kept"
check "the broker's log" "$dir/broker"
exit $failed
