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

# When a process started, in ticks since the machine did: another one with its number started at another time. One that
# has ended never did, and its file is not there.
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
    echo "    Tests/cluster.sh kubectl run a --image=localhost/busybox:1 --restart=Never --command -- sleep 1d"
    echo "    Tests/cluster.sh exec a ip address;  Tests/cluster.sh node 1 ip route show table 10;  make cluster-down"
}

# Control groups that a kubelet's containers were given: they outlive their processes. cgroups PID-OUTSIDE
cgroups() {
    own=$(cat "/proc/$1/cgroup")
    # One that is not up yet has no containers.
    child=$(inner) || return 0
    # Processes end between the list and the look; none but our own group is no failure either (grep's 1).
    # shellcheck disable=SC2016
    all=$(nsenter --target "$child" --pid --mount -- sh -c \
        'for process in /proc/[0-9]*; do cat "$process/cgroup" 2>/dev/null || true; done')
    echo "$all" | sort -u | grep -vxF "$own" || [ $? -eq 1 ]
}

down() {
    if pid=$(outer); then
        # It is ended whatever becomes of its groups.
        left=
        groups=$(cgroups "$pid") || left=unknown
        # With it process 1 of the namespaces ends, and everything in them; it listens to no other signal. What matters
        # is whether it has ended, by itself or not.
        kill -9 "$pid" || true
        waited=0
        while outer >/dev/null; do
            waited=$((waited + 1))
            [ "$waited" -le 150 ] || fail "process $pid does not end"
            sleep 0.1
        done
        while IFS=: read -r _ controllers path; do
            [ -n "$path" ] || continue
            for group in "/sys/fs/cgroup/${controllers#name=}$path" "/sys/fs/cgroup/unified$path"; do
                waited=0
                # It is busy until the kernel is done with its processes.
                while [ -d "$group" ] && ! rmdir "$group" 2>/dev/null && [ "$waited" -lt 20 ]; do
                    waited=$((waited + 1))
                    sleep 0.1
                done
                [ ! -d "$group" ] || left="$left $group"
            done
        done <<END
$groups
END
        rm -rf "$folder"
        [ -z "$left" ] || fail "control groups are left behind: $left"
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
