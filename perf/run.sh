#!/bin/sh
# Builds what is measured and measures it, in namespaces of its own.
#
#   perf/run.sh [--realtime] [--attachments N] [--quick] [--subjects LIST] [--concurrency LIST] ...    pod churn (make bench)
#   perf/run.sh grants [--daemons LIST] [--hosts N] ...                                     daemons on one etcd
#   perf/run.sh policy [--quick] [--cases LIST] ...                                         policies
#   perf/run.sh micro [--filter REGEX] ...                                                microbenchmarks
#
# --realtime as the first word runs all of it ahead of everything else on the machine: for a machine that is not idle.
# ROMANA_PROGRAMS names another folder of romana-agent and romana-daemon, ROMANA_CNI another romana-cni.
set -eu
cd "$(dirname "$0")"
mkdir -p out

say() { printf 'perf: %s\n' "$*" >&2; }

# Its output goes to a log; the end of it is shown when it fails.
quietly() { # LOG COMMAND...
    log=out/$1.log
    shift
    "$@" >"$log" 2>&1 || { tail -n 40 "$log" >&2; say "$* did not work; all of it is in perf/$log"; exit 1; }
}

# Own namespaces: the network and the mounts of this machine stay as they are, and whatever was started ends with them.
isolated() {
    user=
    [ "$(id -u)" -eq 0 ] || user="--user --map-root-user"
    # shellcheck disable=SC2086
    exec unshare $user --net --mount --pid --fork --kill-child --mount-proc "$@"
}

release="--configuration release --explicit-target-dependency-import-check error"

if [ "${1-}" = micro ]; then
    shift
    ../Tests/packages.sh libmnl-dev libnl-route-3-dev libcurl4-openssl-dev libexpat1-dev iproute2
    # The plugin builds with flags of its own, so it has a folder of its own. Swift's run loop needs loopback.
    isolated sh -c 'ip link set lo up && exec "$@"' sh \
        swift package --scratch-path .build-micro --disable-sandbox benchmark --target Micro --no-progress "$@"
fi

if [ "${1-}" = grants ]; then
    shift
    ../Tests/packages.sh etcd-server etcd-client
    if [ -z "${ROMANA_PROGRAMS-}" ]; then
        say "building what is measured"
        quietly build-romana make -C .. build
        ROMANA_PROGRAMS=$(cd .. && pwd)/.build-release/release
    fi
    say "building the load"
    # shellcheck disable=SC2086
    quietly build-driver swift build $release --product grant-bench
    # etcd's data stays on the disk: what a grant costs there is part of what is measured.
    isolated sh -c 'ip link set lo up && exec "$@"' sh \
        .build/release/grant-bench --out out --programs "$ROMANA_PROGRAMS" "$@"
fi

if [ "${1-}" = policy ]; then
    shift
    ../Tests/packages.sh libmnl-dev libnl-route-3-dev libnftnl-dev etcd-server etcd-client nftables iptables iproute2
    if [ -z "${ROMANA_PROGRAMS-}" ]; then
        if [ "${MAKELEVEL:-0}" -eq 0 ]; then # else make bench has just built them
            say "building what is measured"
            quietly build-romana make -C .. build
        fi
        ROMANA_PROGRAMS=$(cd .. && pwd)/.build-release/release
        : "${ROMANA_CNI:=$(cd .. && pwd)/.build-static/romana-cni}"
    fi
    : "${ROMANA_CNI:=$ROMANA_PROGRAMS/romana-cni}"
    say "building the driver"
    # shellcheck disable=SC2086
    quietly build-driver swift build $release --product policy-bench
    # An empty /run in memory holds everything that lives no longer than the run, etcd's data too.
    isolated sh -c 'ip link set lo up && mount -t tmpfs perf /run && TMPDIR=/run exec "$@"' sh \
        .build/release/policy-bench --out out --programs "$ROMANA_PROGRAMS" --plugin "$ROMANA_CNI" "$@"
fi

../Tests/packages.sh libmnl-dev containernetworking-plugins etcd-server iproute2 gcc libc6-dev
if [ -z "${ROMANA_PROGRAMS-}" ]; then
    if [ "${MAKELEVEL:-0}" -eq 0 ]; then # else make bench has just built them
        say "building what is measured"
        quietly build-romana make -C .. build
    fi
    ROMANA_PROGRAMS=$(cd .. && pwd)/.build-release/release
    : "${ROMANA_CNI:=$(cd .. && pwd)/.build-static/romana-cni}"
fi
: "${ROMANA_CNI:=$ROMANA_PROGRAMS/romana-cni}"

say "building the driver"
# shellcheck disable=SC2086
quietly build-driver swift build $release --product pod-churn
mkdir -p .build/floor
gcc -O2 -static -o .build/floor/nothing floor/nothing.c

ahead=
if [ "${1-}" = --realtime ]; then
    shift
    ahead="chrt --rr 1"
fi

# An empty /run in memory holds everything that lives no longer than the run.
# shellcheck disable=SC2086
isolated sh -c 'mount -t tmpfs perf /run && exec "$@"' sh \
    $ahead .build/release/pod-churn --nothing .build/floor/nothing --out out \
    --programs "$ROMANA_PROGRAMS" --plugin "$ROMANA_CNI" "$@"
