#!/usr/bin/env bash
# readme.sh ROOT HIATUS: the run that the README quotes is what the program says, and every subcommand and file named exists.
set -uo pipefail
root=$1 hiatus=$2
readme=$root/README.md
failed=0
quoted=$(awk '/^<!-- a real run -->$/{on=1; next} on && /^```/{fence++; if (fence==2) exit; next} on && fence==1{print}' "$readme")
command=$(head -1 <<<"$quoted" | sed 's/^\$ //')
[ -n "$command" ] || { echo "the README quotes no run"; exit 1; }
actual=$(cd "$root" && eval "${command/#hiatus/\"$hiatus\"}" 2>&1)
normal() { sed -E "s#(/[^ ]*)?/scenarios/#scenarios/#g; s/ +\$//"; }
if ! diff <(tail -n +2 <<<"$quoted" | normal) <(normal <<<"$actual"); then
    echo "README.md quotes another output of: $command"
    failed=1
fi
for path in $(grep -oE '`[a-zA-Z0-9_.-]+(/[a-zA-Z0-9_.-]+)+/?`' "$readme" | tr -d '`' | sort -u); do
    case $path in build/*|topic/*) continue ;; esac
    [ -e "$root/$path" ] || { echo "README.md names $path, which is not there"; failed=1; }
done
for word in run list show lint explain mutants judge compare merge init probe repro session adapter-check; do
    "$hiatus" "$word" --help >/dev/null 2>&1 || { echo "hiatus $word is gone"; failed=1; }
    grep -q "hiatus $word" "$readme" || { echo "README.md does not mention hiatus $word"; failed=1; }
done
exit $failed
