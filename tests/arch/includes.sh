#!/usr/bin/env bash
# includes.sh ROOT: nothing points back. Each line: where, and what must not be included there.
set -uo pipefail
cd "$1" || exit 70
failed=0
# forbid FOLDERS PATTERN WHY
forbid() {
    local found
    found=$(grep -rnE --include='*.h' --include='*.cpp' "^#include [<\"]($2)" $1 2>/dev/null)
    [ -z "$found" ] && return
    printf '%s: %s\n%s\n' "$1" "$3" "$found"
    failed=1
}
forbid proto 'client/|minibroker/|scenarios/|tests/|Q[A-Z]|Qt' 'the vocabulary knows nobody, and no Qt'
forbid client 'minibroker/|scenarios/|tests/' 'a client never sees the broker or the scenarios'
forbid minibroker 'client/|scenarios/|tests/' 'the broker never sees a client or the scenarios'
forbid 'client/engine client/deviation client/liberty minibroker/engine minibroker/deviation minibroker/liberty' 'Q[A-Z]|Qt|sys/|unistd|netinet' 'engines are sans-IO'
forbid 'scenarios/script scenarios/judge scenarios/interpreter' 'Q[A-Z]|Qt' 'scripts, the interpreter and the judge are plain C++'
forbid scenarios/script 'scenarios/(interpreter|world|judge|report|suite|command)' 'scripts are read before anything runs'
forbid 'scenarios/judge scenarios/report' 'scenarios/(world|interpreter|suite|command)' 'judge and report never touch a world'
forbid scenarios/world 'scenarios/(interpreter|judge|report|suite|command|script)' 'a world knows no script'
forbid scenarios/interpreter 'scenarios/(judge|report|suite|command)' 'the interpreter judges nothing'
forbid scenarios 'tests/' 'nothing depends on the tests'
network=$(grep -rlE --include='*.h' --include='*.cpp' '^#include <(Q(Tcp|Ssl|Host|Network|AbstractSocket)|QtNetwork|sys/socket|netinet)' proto client minibroker scenarios |
    grep -vE '^(client/net|minibroker/net|scenarios/world)/')
if [ -n "$network" ]; then
    printf 'only */net/ and scenarios/world may see the network:\n%s\n' "$network"
    failed=1
fi
# The check itself can fail: this line has to be found.
mkdir -p "${TMPDIR:-/tmp}/hiatus-arch-$$/client" && printf '#include "minibroker/engine/broker.h"\n' >"${TMPDIR:-/tmp}/hiatus-arch-$$/client/bad.h"
grep -rqE --include='*.h' '^#include [<"](minibroker/)' "${TMPDIR:-/tmp}/hiatus-arch-$$/client" || { echo "the check finds nothing"; failed=1; }
rm -rf "${TMPDIR:-/tmp}/hiatus-arch-$$"
exit $failed
