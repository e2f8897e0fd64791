#!/bin/sh
# Prints the path of a kube-apiserver: one of KUBEBUILDER_ASSETS, or one built from Debian's source package.
set -eu

if [ -n "${KUBEBUILDER_ASSETS:-}" ]; then
    if [ ! -x "$KUBEBUILDER_ASSETS/kube-apiserver" ]; then
        echo "kube-apiserver.sh: KUBEBUILDER_ASSETS is $KUBEBUILDER_ASSETS, and there is no kube-apiserver in it" >&2
        exit 1
    fi
    echo "$KUBEBUILDER_ASSETS/kube-apiserver"
    exit 0
fi

exec "$(dirname "$0")/kubernetes-program.sh" kube-apiserver
