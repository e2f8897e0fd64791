#!/bin/sh
# Prints the path of a kubelet, built from Debian's source package: for make cluster KUBELET=$(Tests/kubelet.sh), and for
# the test that takes one, make test-system ROMANA_KUBELET=$(Tests/kubelet.sh).
set -eu
here=$(dirname "$0")
# containerd calls loopback for every sandbox that it makes for a kubelet.
"$here/packages.sh" containernetworking-plugins >&2
exec "$here/kubernetes-program.sh" kubelet
