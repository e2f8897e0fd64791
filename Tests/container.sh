#!/bin/sh
# Runs a command as a container on the machine's own network, from a root that is the machine's own but for its changes.
#
#   unshare --mount container.sh FOLDER ro|rw CAPABILITIES [SOURCE=TARGET=rw|ro...] -- COMMAND [ARGUMENT...]
#
# FOLDER takes the changes, CAPABILITIES is what --bounding-set of setpriv(1) takes, SOURCE and TARGET are mounts.
set -eu
folder=$1
writes=$2
capabilities=$3
shift 3
root=$folder/root
mkdir -p "$folder/changes" "$folder/scratch" "$root"
mount -t overlay -o "lowerdir=/,upperdir=$folder/changes,workdir=$folder/scratch" overlay "$root"
for part in proc sys dev; do
    mount --rbind "/$part" "$root/$part"
done
# As runtimes have it for all that are not privileged.
if [ "$capabilities" != +all ]; then
    mount --bind "$root/proc/sys" "$root/proc/sys"
    mount -o remount,bind,ro "$root/proc/sys"
fi
mount -t tmpfs tmpfs "$root/run"
# lend PROGRAM: the libraries that it loads may lie on a file system of their own, as a toolchain does that is mounted,
# which an overlay of / does not show.
lend() {
    # A static program has none, and ldd says so by failing.
    libraries=$(ldd "$1") || return 0
    echo "$libraries" | sed -n 's|.*=> \(/.*\) (.*|\1|p' | while read -r library; do
        [ ! -e "$root$library" ] || continue
        mkdir -p "$root$(dirname "$library")"
        mount --bind "$(dirname "$library")" "$root$(dirname "$library")"
    done
}
while [ "$1" != -- ]; do
    source=${1%%=*}
    mode=${1##*=}
    target=${1#*=}
    # What is a link in the root leads to a place in the root.
    target=$root$(chroot "$root" realpath -m "${target%=*}")
    if [ -d "$source" ]; then
        mkdir -p "$target"
    else
        mkdir -p "$(dirname "$target")"
        [ -e "$target" ] || : >"$target"
    fi
    mount --rbind "$source" "$target"
    if [ -f "$source" ] && [ -x "$source" ]; then lend "$source"; fi
    [ "$mode" = rw ] || mount -o remount,bind,ro "$target"
    shift
done
shift
[ "$writes" = rw ] || mount -o remount,bind,ro "$root"
exec chroot "$root" setpriv --bounding-set="$capabilities" "$@"
