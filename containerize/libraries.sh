#!/bin/sh
# Prints the libraries that programs load, and what these load, each as NAME PATH: libraries.sh PROGRAM...
#
# The dynamic sections are read, nothing is run: so it serves programs of another architecture too, whose libraries are
# below SYSROOT. The dynamic linker is printed by its whole path as NAME, since programs ask for it by that.
set -eu
sysroot=${SYSROOT:-}

# What a file asks for: interpreter, libraries, and folders of its own to find them in.
needed() { readelf --dynamic --wide "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; }
interpreter() { readelf --program-headers --wide "$1" | sed -n 's/.*\[Requesting program interpreter: \(.*\)\]/\1/p'; }
folders() {
    readelf --dynamic --wide "$1" | sed -n 's/.*(\(RUNPATH\|RPATH\)).*\[\(.*\)\]/\2/p' | tr ':' '\n' \
        | sed "s|\$ORIGIN|$(dirname -- "$1")|"
}
machine() { readelf --file-header --wide "$1" | sed -n 's/.*Machine: *//p'; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/known"
: >"$work/own"
for program in "$@"; do
    interpreter "$program" >>"$work/interpreters"
    # Those of a debug build have the folders of the toolchain, which its libraries need in turn.
    folders "$program" >>"$work/own"
done
case $(machine "$1") in
*X86-64*) triplet=x86_64-linux-gnu ;;
AArch64) triplet=aarch64-linux-gnu ;;
*) echo "libraries.sh: $1 is for $(machine "$1"), which nobody has tried" >&2; exit 1 ;;
esac

find_library() {
    { [ -n "$sysroot" ] || cat "$work/own"
        for folder in /usr/lib/$triplet /lib/$triplet /usr/lib /lib; do echo "$sysroot$folder"; done
    } | while read -r folder; do
        if [ -e "$folder/$1" ]; then
            echo "$folder/$1"
            break
        fi
    done
}

sort -u "$work/interpreters" | while read -r path; do
    [ -e "$sysroot$path" ] || { echo "libraries.sh: $sysroot$path is missing" >&2; exit 1; }
    echo "$path $(readlink -f "$sysroot$path")"
    basename "$path" >>"$work/known"
done
for program in "$@"; do needed "$program"; done | sort -u >"$work/due"
while [ -s "$work/due" ]; do
    : >"$work/next"
    while read -r name; do
        grep -qxF "$name" "$work/known" && continue
        echo "$name" >>"$work/known"
        path=$(find_library "$name")
        [ -n "$path" ] || { echo "libraries.sh: $name is missing" >&2; exit 1; }
        echo "$name $path"
        needed "$path" >>"$work/next"
    done <"$work/due"
    sort -u "$work/next" >"$work/due"
done
