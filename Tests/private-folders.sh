#!/bin/sh
# Runs a command that sees /etc, /opt and /var/lib as they are, but whose changes there go to DIRECTORY.
#
#   unshare --mount private-folders.sh DIRECTORY COMMAND [ARGUMENT...]
set -eu
directory=$1
shift
# shellcheck source=Tests/overlay.sh
. "$(dirname "$0")/overlay.sh"
for folder in /etc /opt /var/lib; do overlay "$folder" "$directory$folder"; done
mkdir -p /etc/cni/net.d /opt/cni/bin
exec "$@"
