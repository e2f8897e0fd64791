#!/bin/sh
# What no compiler checks: check.sh FOLDER-OF-PROGRAMS STATIC-ROMANA-CNI
set -u
programs=$1
plugin=$2
here=$(dirname "$0")
bad=0

fail() {
    echo "check: $1" >&2
    bad=1
}

echo 'format of the sources'
"$here/sources.sh" | xargs swift format lint --strict --parallel || fail 'see above; `make format` mends what is layout only'

echo 'no full Foundation in the programs'
for program in romana-agent romana-daemon romana; do
    needed=$(readelf --dynamic "$programs/$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
    [ -n "$needed" ] || fail "$program: no dynamic section to read"
    for library in libFoundation.so libFoundationInternationalization.so libFoundationNetworking.so; do
        case " $(echo $needed) " in *" $library "*) fail "$program links $library" ;; esac
    done
done

echo 'romana-cni is static'
if ! readelf --file-header "$plugin" >/dev/null; then
    fail "$plugin is missing"
elif readelf --program-headers "$plugin" | grep -q INTERP; then
    fail "$plugin asks for a dynamic linker"
fi

echo 'nine files in ten are under 300 lines'
"$here/sources.sh" | xargs wc -l | awk '
    $2 == "total" { next }
    { files++ }
    $1 >= 300 { long++; print "    " $1 " " $2 }
    END { printf "    %d of %d files have 300 lines or more\n", long, files; exit long * 10 > files }' \
    || fail 'too many long files'

echo 'the manifests are those that their parts make'
made=$(mktemp -d)
if "$here/../specs/manifests/generate.sh" "$made"; then
    for manifest in "$made"/*; do
        diff "$here/../specs/$(basename "$manifest")" "$manifest" || fail 'specs/ is behind its parts: make manifests'
    done
else
    fail 'specs/manifests/generate.sh'
fi
rm -rf "$made"

echo 'scripts parse'
for script in $(git -C "$here/.." ls-files | grep -E '(\.sh|^\.ci/run|^containerize/allthethings)$'); do
    case $(head -n 1 "$here/../$script") in
        *bash*) bash -n "$here/../$script" || fail "$script" ;;
        *) sh -n "$here/../$script" || fail "$script" ;;
    esac
done

[ "$bad" -eq 0 ] && echo 'all checks hold'
exit "$bad"
