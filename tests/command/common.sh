# Sourced: common.sh HIATUS MINIBROKER. A folder of its own, brokers that end with the test, and what a command must say.
hiatus=$1 minibroker=$2
. "$(dirname "${BASH_SOURCE[0]}")/../real/common.sh"
failed=0
# A variant that 'resend-without-dup' fails, and nothing else.
resume=$("$hiatus" run 'queue/qos1_resume[v5,rst,*' --plan | awk 'NR == 1 { print $1 }')
sample='session_present/table[v5,*]'
quick=$("$hiatus" run 'session_present/table[v5,disconnect,*' --plan | awk 'NR == 1 { print $1 }') # without spec timers

# at_once COMMAND…: a part of the test in a process of its own, beside the others: what takes long here is waiting. all_well waits for
# them; a part fails by its status, or by `failed`.
parts=()
at_once() {
    ( failed=0
      "$@" || failed=1
      exit $failed ) &
    parts+=($!)
}
all_well() {
    local part
    for part in "${parts[@]}"; do wait "$part" || failed=1; done
    parts=()
}

# expect STATUS TEXT COMMAND…: exit status, and TEXT (a fixed string) in its output.
expect() {
    local status=$1 text=$2 output actual
    shift 2
    output=$("$@" 2>&1 </dev/null)
    actual=$?
    [ $actual -eq "$status" ] && grep -qF -- "$text" <<<"$output" && return
    printf 'expected status %s and "%s"\n  of %s\n  got %s: %s\n' "$status" "$text" "$*" "$actual" "$(head -40 <<<"$output")"
    failed=1
}
