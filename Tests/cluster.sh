#!/bin/sh
# A Kubernetes cluster on this machine, in namespaces of its own: see specs/cluster.md.
#
#   cluster.sh up ROMANA-CLUSTER [MANIFEST]   start it and wait until it is ready
#   cluster.sh down                           end it, with everything in it
#   cluster.sh kubectl WORDS...               kubectl as its administrator
#   cluster.sh node N WORDS...                a command on a node, such as `node 1 ip route show table 10`
#   cluster.sh exec POD WORDS...              a command in a container of a pod of the namespace default
#   cluster.sh shell                          a shell that sees the cluster's network, with KUBECONFIG set
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=${ROMANA_CLUSTER:-/run/romana-cluster}

fail() {
    echo "cluster.sh: $*" >&2
    exit 1
}

# The process outside that everything hangs on, if it is still the one that was started.
outer() {
    [ -r "$folder/pid" ] || return 1
    read -r pid started <"$folder/pid"
    [ "$(born "$pid")" = "$started" ] || return 1
    echo "$pid"
}

# When a process started, in ticks since the machine did: another one with its number started at another time.
born() { cut -d ' ' -f 22 "/proc/$1/stat" 2>/dev/null; }

# Process 1 of the cluster's own namespaces.
inner() {
    pid=$(outer) || fail "there is no cluster: make cluster"
    # The line has no end, which read takes for a failure.
    read -r child _ <"/proc/$pid/task/$pid/children" || [ -n "$child" ] || fail "the cluster is not up yet"
    echo "$child"
}

# What romana-cluster wrote down: fact NAME.
fact() { sed -n "s/^$1 //p" "/proc/$process/root/run/cluster"; }

# Paths of files are those of where one is.
inside() {
    # shellcheck disable=SC2016
    nsenter --target "$process" --mount --pid --net -- sh -c 'cd "$0" && exec "$@"' "$PWD" "$@"
}

up() {
    [ "$(id -u)" -eq 0 ] || fail "containers need root: sudo make cluster"
    if outer >/dev/null; then fail "there is one already: make cluster-down ends it"; fi
    program=$1
    manifest=${2:-$here/../specs/romana-daemonset.yml}
    rm -rf "$folder"
    mkdir -p "$folder"
    setsid "$here/isolated.sh" "$program" "$manifest" >"$folder/log" 2>&1 </dev/null 9>&- &
    pid=$!
    echo "$pid $(born "$pid")" >"$folder/pid"
    shown=0
    while ! grep -qx up "$folder/log"; do
        lines=$(wc -l <"$folder/log")
        [ "$lines" -eq "$shown" ] || sed -n "$((shown + 1)),${lines}p" "$folder/log"
        shown=$lines
        if ! outer >/dev/null; then
            sed -n "$((shown + 1)),\$p" "$folder/log"
            down
            fail "the cluster did not come up"
        fi
        sleep 0.2
    done
    echo
    echo "Up. Tests/cluster.sh kubectl get nodes,pods -A -o wide"
    echo "    Tests/cluster.sh kubectl run a --image=busybox --restart=Never --command -- sleep 1d"
    echo "    Tests/cluster.sh exec a ip address;  Tests/cluster.sh node 1 ip route show table 10;  make cluster-down"
}

# Control groups that a kubelet's containers were given: they outlive their processes. cgroups PID-OUTSIDE
cgroups() {
    nsenter --target "$(inner)" --pid --mount -- sh -c 'cat /proc/[0-9]*/cgroup' 2>/dev/null | sort -u \
        | grep -vxF "$(cat "/proc/$1/cgroup")" || true
}

down() {
    if pid=$(outer); then
        groups=$(cgroups "$pid")
        # With it process 1 of the namespaces ends, and everything in them; it listens to no other signal.
        kill -9 "$pid" 2>/dev/null || true
        waited=0
        while outer >/dev/null; do
            waited=$((waited + 1))
            [ "$waited" -le 150 ] || fail "process $pid does not end"
            sleep 0.1
        done
        echo "$groups" | while IFS=: read -r _ controllers path; do
            [ -n "$path" ] || continue
            for group in "/sys/fs/cgroup/${controllers#name=}$path" "/sys/fs/cgroup/unified$path"; do
                if [ -d "$group" ]; then rmdir "$group" 2>/dev/null || sleep 0.2; fi
                if [ -d "$group" ]; then rmdir "$group" || true; fi
            done
        done
    fi
    rm -rf "$folder"
}

[ $# -ge 1 ] || fail "say what: up, down, kubectl, node, exec, shell"
action=$1
shift
case $action in
up | down) ;;
*) process=$(inner) ;;
esac
case $action in
up) up "$@" ;;
down) down ;;
kubectl)
    inside nsenter --net="$(fact fabric)" -- env KUBECONFIG="$(fact kubeconfig)" HOME=/run/tmp kubectl "$@"
    ;;
node)
    pid=$(fact "node$1")
    [ -n "$pid" ] || fail "there is no node $1"
    shift
    inside nsenter --target "$pid" --mount --net --uts -- "$@"
    ;;
exec)
    pod=$1
    shift
    words=$("$0" kubectl get pod "$pod" -o \
        'jsonpath={.spec.nodeName} {.status.containerStatuses[0].containerID}')
    node=${words% *}
    id=${words##*/}
    exec "$0" node "${node#node}" ctr --address "$(fact "containerd $node")" task exec --exec-id "exec-$$" "$id" "$@"
    ;;
shell) inside nsenter --net="$(fact fabric)" -- env KUBECONFIG="$(fact kubeconfig)" "${SHELL:-/bin/sh}" ;;
*) fail "$action is not known" ;;
esac
