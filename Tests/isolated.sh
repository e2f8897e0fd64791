#!/bin/sh
# Runs a command as root of network, mount and process namespaces of its own: nothing that it makes outlives it.
#
#   isolated.sh COMMAND [ARGUMENT...]
#
# An ordinary user becomes root of a user namespace as well, where the machine allows that.
set -eu

if [ "${ROMANA_ISOLATED:-}" != entering ]; then
    set -- --net --mount --pid --fork --kill-child --mount-proc "$0" "$@"
    if [ "$(id -u)" -ne 0 ]; then
        set -- --user --map-root-user "$@"
    fi
    if ! unshare --net --mount --pid --fork --kill-child --mount-proc true 2>/dev/null \
        && ! unshare --user --map-root-user --net --mount --pid --fork --kill-child --mount-proc true 2>/dev/null; then
        echo "isolated.sh: this user may not make namespaces here; run it as root (sudo make test)" >&2
        exit 1
    fi
    ROMANA_ISOLATED=entering exec unshare "$@"
fi

# Process 1 of the new namespace: the shell stays, so that it takes the status of orphans.
export ROMANA_ISOLATED=inside
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/netns /run/tmp
export TMPDIR=/run/tmp
ip link set lo up
"$@"
