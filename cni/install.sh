#!/bin/sh
# Installs romana-cni and its network configuration on this node, or removes them. Needs no Kubernetes.
#
# Every file appears whole or not at all: it is written beside its place and renamed into it. The binary comes before
# the configuration that names it, and goes after it.
set -eu

usage() {
    cat <<'END'
usage: cni/install.sh [options]              install
       cni/install.sh --uninstall [options]  remove what an installation put there

  --binary FILE       the static romana-cni (default: beside this script, or what `make build` made)
  --bin-dir DIR       where runtimes look for plugins (default: /opt/cni/bin)
  --conf-dir DIR      where runtimes look for networks (default: /etc/cni/net.d)
  --conf-name NAME    name of the configuration (default: 10-romana.conflist)
  --template FILE     what to install as configuration (default: 10-romana.conflist beside this script)
  --socket PATH       the agent's socket (default: /run/romana/agent.sock)
  --mtu BYTES         MTU of pods' interfaces (default: that of the node's uplink)
  --root DIR          a folder put before both folders, such as the host's root as a container sees it
  --keep-binary       with --uninstall: leave the binary, which pods that still run need for their DEL
  -h, --help          this text
END
}

say() { printf 'cni/install.sh: %s\n' "$*"; }
fail() {
    printf 'cni/install.sh: %s\n' "$*" >&2
    exit 1
}
misuse() {
    printf 'cni/install.sh: %s\n' "$*" >&2
    usage >&2
    exit 2
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
action=install
binary=
bin_dir=/opt/cni/bin
conf_dir=/etc/cni/net.d
conf_name=10-romana.conflist
template=$here/10-romana.conflist
socket=/run/romana/agent.sock
mtu=
root=
keep_binary=no

while [ $# -gt 0 ]; do
    case $1 in
    --binary | --bin-dir | --conf-dir | --conf-name | --template | --socket | --mtu | --root)
        [ $# -ge 2 ] || misuse "$1 needs a value"
        case $1 in
        --binary) binary=$2 ;;
        --bin-dir) bin_dir=$2 ;;
        --conf-dir) conf_dir=$2 ;;
        --conf-name) conf_name=$2 ;;
        --template) template=$2 ;;
        --socket) socket=$2 ;;
        --mtu) mtu=$2 ;;
        --root) root=$2 ;;
        esac
        shift 2
        ;;
    --uninstall)
        action=uninstall
        shift
        ;;
    --keep-binary)
        keep_binary=yes
        shift
        ;;
    -h | --help)
        usage
        exit 0
        ;;
    *) misuse "$1 is not known" ;;
    esac
done

case $conf_name in
*/* | '') misuse "--conf-name $conf_name: a name without a folder is due" ;;
*.conflist) ;;
*) misuse "--conf-name $conf_name: runtimes read a list only from a file that ends in .conflist" ;;
esac
case $socket in
/*) ;;
*) misuse "--socket $socket: an absolute path is due" ;;
esac
case $socket in
*[!A-Za-z0-9/._-]*) misuse "--socket $socket: letters, digits and / . _ - only" ;;
esac
case $mtu in
*[!0-9]*) misuse "--mtu $mtu: a number is due" ;;
esac

plugin=$root$bin_dir/romana-cni
conf=$root$conf_dir/$conf_name
draft=
trap 'if [ -n "$draft" ]; then rm -f "$draft"; fi' EXIT
trap 'exit 1' HUP INT TERM

# A name beside the place that no runtime takes for a plugin or a configuration.
beside() { printf '%s/.%s.%s.new' "$(dirname -- "$1")" "$(basename -- "$1")" "$$"; }

find_binary() {
    [ -z "$binary" ] || return 0
    for candidate in "$here/romana-cni" "$here/../.build-static/romana-cni" "$here/../.build-static/release/romana-cni"; do
        if [ -f "$candidate" ]; then
            binary=$candidate
            return 0
        fi
    done
    fail "there is no romana-cni: make build, or --binary FILE"
}

install_binary() {
    find_binary
    [ -f "$binary" ] || fail "$binary: no such file"
    mkdir -p "$(dirname -- "$plugin")"
    draft=$(beside "$plugin")
    cp -- "$binary" "$draft"
    chmod 0755 "$draft"
    # A shell would take anything that is not a program for a script.
    [ "$(head -c 4 "$draft" | od -An -tx1 | tr -d ' \n')" = 7f454c46 ] || fail "$binary is not a program"
    # One that does not start here must never replace one that does.
    answer=$(printf '{"cniVersion":"1.0.0"}' | CNI_COMMAND=VERSION "$draft") ||
        fail "$binary does not start on this machine"
    case $answer in
    *'"supportedVersions"'*) ;;
    *) fail "$binary is not a CNI plugin: it answered VERSION with $answer" ;;
    esac
    if cmp -s -- "$draft" "$plugin"; then
        rm -f -- "$draft"
        chmod 0755 "$plugin"
        say "$plugin is up to date"
    else
        mv -f -- "$draft" "$plugin"
        say "installed $plugin"
    fi
    draft=
}

install_conf() {
    [ -f "$template" ] || fail "$template: no such file"
    grep -q '"agentSocket"' "$template" || fail "$template has no agentSocket"
    mkdir -p "$(dirname -- "$conf")"
    draft=$(beside "$conf")
    sed -e "s|\"agentSocket\": *\"[^\"]*\"|\"agentSocket\": \"$socket\"${mtu:+, \"mtu\": $mtu}|" "$template" >"$draft"
    chmod 0644 "$draft"
    # Runtimes load the folder anew at every change, so none is made without need.
    if cmp -s -- "$draft" "$conf"; then
        rm -f -- "$draft"
        say "$conf is up to date"
    else
        mv -f -- "$draft" "$conf"
        say "installed $conf"
    fi
    draft=
}

remove() { # FILE
    if [ -e "$1" ]; then
        rm -f -- "$1"
        say "removed $1"
    else
        say "$1 is not there"
    fi
}

case $action in
install)
    install_binary
    install_conf
    ;;
uninstall)
    remove "$conf"
    if [ "$keep_binary" = no ]; then remove "$plugin"; fi
    ;;
esac
