#!/bin/sh
# make bench: builds what is measured and measures it, inside namespaces of its own.
#   perf/run.sh [--attachments N] [--quick] [--subjects LIST] [--concurrency LIST] ...
set -eu
cd "$(dirname "$0")"

say() { printf '%s\n' "$*" >&2; }
need() { # FILE PACKAGE
    [ -e "$1" ] && return
    say "perf: installing $2"
    [ "$(id -u)" = 0 ] || { say "perf: $1 is missing: apt-get install $2"; exit 1; }
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$2" >out/install.log 2>&1 ||
        { say "perf: apt-get install $2 did not work, see perf/out/install.log"; exit 1; }
}

mkdir -p out
need /usr/lib/cni/ptp containernetworking-plugins
need /usr/include/libmnl/libmnl.h libmnl-dev

flags="-c release --explicit-target-dependency-import-check error"
say "perf: building"
# shellcheck disable=SC2086
swift build $flags --product pod-churn >out/build.log 2>&1 || { tail -40 out/build.log >&2; exit 1; }
mkdir -p .build/floor
gcc -O2 -static -o .build/floor/nothing floor/nothing.c

[ "$(id -u)" = 0 ] && user= || user="--user --map-root-user"
# shellcheck disable=SC2086
exec unshare $user --net --mount --pid --fork --kill-child --mount-proc \
    sh -c 'mount -t tmpfs perf /run && exec "$@"' sh \
    .build/release/pod-churn --nothing .build/floor/nothing --out out "$@"
