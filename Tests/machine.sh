#!/bin/sh
# Runs a command on a machine of a test cluster: its own /run and host name, and changes of /etc, /opt, /var/lib and /var/log
# that go to DIRECTORY. Everything else is as it is outside.
#
#   unshare --mount --uts machine.sh DIRECTORY NAME new|old COMMAND [ARGUMENT...]
#
# An old machine has run before on the same folder, and finds there what it wrote to disk.
set -eu
directory=$1
hostname "$2"
age=$3
shift 3
# shellcheck source=Tests/overlay.sh
. "$(dirname "$0")/overlay.sh"
for folder in /etc /opt /var/lib /var/log; do overlay "$folder" "$directory$folder"; done
# A machine of its own that no plugin was ever installed on, whatever there is outside.
if [ "$age" = new ]; then
    rm -rf /etc/cni /opt/cni /etc/machine-id
    od -An -N16 -tx1 /dev/urandom | tr -d ' ' >/etc/machine-id
fi
mkdir -p /etc/cni/net.d /opt/cni/bin
# containerd calls it for every sandbox that it makes for a kubelet; nodes have it from their packages.
if [ -x /usr/lib/cni/loopback ]; then cp /usr/lib/cni/loopback /opt/cni/bin; fi
# The folder of temporary files is below /run, and stays.
mount --bind "$TMPDIR" /mnt
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p "$TMPDIR" /run/netns /run/lock
mount --move /mnt "$TMPDIR"
exec "$@"
