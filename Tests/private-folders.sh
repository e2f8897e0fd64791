#!/bin/sh
# Runs a command that sees /etc, /opt and /var/lib as they are, but whose changes there go to DIRECTORY.
#
#   unshare --mount private-folders.sh DIRECTORY COMMAND [ARGUMENT...]
set -eu
directory=$1
shift
for folder in /etc /opt /var/lib; do
    upper=$directory$folder/changes
    scratch=$directory$folder/scratch
    mkdir -p "$upper" "$scratch"
    mount -t overlay -o "lowerdir=$folder,upperdir=$upper,workdir=$scratch" overlay "$folder"
done
mkdir -p /etc/cni/net.d /opt/cni/bin
exec "$@"
