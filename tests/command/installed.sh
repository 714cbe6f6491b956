#!/usr/bin/env bash
# installed.sh HIATUS MINIBROKER: man pages and completion are true and lawful; the package holds what it must, and runs from
# wherever it is unpacked. HIATUS_BUILD is the build folder.
set -u
. "$(dirname "$0")/common.sh"
for program in "$hiatus" "$minibroker"; do
    name=$(basename "$program")
    "$program" --man >"$dir/$name.1"
    if command -v man >/dev/null; then
        warnings=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=100 man --warnings -E UTF-8 -l -Tutf8 -Z "$dir/$name.1" 2>&1 >/dev/null)
        [ -z "$warnings" ] || { echo "$name.1: $warnings"; failed=1; }
    fi
    "$program" --completion bash >"$dir/$name.bash" && bash -n "$dir/$name.bash" || failed=1
    "$program" --completion zsh >"$dir/$name.zsh"
    command -v zsh >/dev/null && { zsh -n "$dir/$name.zsh" || failed=1; }
    for option in $("$program" --help | grep -oE -- '--[a-z][a-z-]+' | sort -u); do
        for file in "$dir/$name.1" "$dir/$name.bash" "$dir/$name.zsh"; do
            sed 's/\\-/-/g' "$file" | grep -qF -- "$option" || { echo "$file lacks $option"; failed=1; }
        done
    done
done
# complete LINE: what bash would offer at its end.
complete_line() {
    bash -c '. "$0"; read -ra COMP_WORDS <<<"$1"; [ "${1: -1}" = " " ] && COMP_WORDS+=(""); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _hiatus; printf "%s\n" "${COMPREPLY[@]}"' "$dir/hiatus.bash" "$1"
}
expect 0 'explain' complete_line 'hiatus '
expect 0 '--time-scale' complete_line 'hiatus run --time'
expect 0 'failed' complete_line 'hiatus run --trace '
expect 0 'show' complete_line 'hiatus session '
expect 0 'deviations' complete_line 'hiatus list '

command -v dpkg-deb >/dev/null && command -v cpack >/dev/null || exit $failed
(cd "$HIATUS_BUILD" && cpack -G DEB -B "$dir/package" >"$dir/cpack" 2>&1) || { tail -20 "$dir/cpack"; exit 1; }
deb=$(echo "$dir"/package/*.deb)
[ -f "$deb" ] || { echo "no package: $deb"; exit 1; }
dpkg-deb -x "$deb" "$dir/root"
for path in bin/hiatus bin/minibroker share/man/man1/hiatus.1.gz share/man/man1/minibroker.1.gz share/bash-completion/completions/hiatus \
    share/bash-completion/completions/minibroker share/zsh/vendor-completions/_hiatus share/zsh/vendor-completions/_minibroker \
    share/hiatus/scenarios/catalog/session_present/table.txtpb share/hiatus/scenarios/requirements/v5.txtpb share/hiatus/scenarios/targets/mosquitto/baseline.txtpb \
    share/hiatus/proto/hiatus/v1/scenario.proto share/doc/hiatus/README.md; do
    [ -s "$dir/root/usr/$path" ] || { echo "the package lacks /usr/$path"; failed=1; }
done
depends=$(dpkg-deb -f "$deb" Depends)
for library in libqt6core6 libqt6network6 libprotobuf32 libqt6sql6-sqlite; do
    grep -q "$library" <<<"$depends" || { echo "the package does not depend on $library: $depends"; failed=1; }
done
grep -qE 'qt6test|websockets' <<<"$depends" && { echo "the package depends on the tests' libraries: $depends"; failed=1; }
# From the unpacked tree, without an environment variable, and with its own catalogue.
expect 0 ' passed, 0 failed' env -i "$dir/root/usr/bin/hiatus" run 'session_present/*'
expect 1 "$dir/root/usr/share/hiatus/scenarios/catalog/queue/qos1_resume.txtpb" env -i "$dir/root/usr/bin/hiatus" run "$resume" --deviation resend-without-dup
exit $failed
