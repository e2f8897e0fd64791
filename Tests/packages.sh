#!/bin/sh
# Makes sure that Debian packages are there: packages.sh PACKAGE...
#
# As root it installs what is missing, without starting any service; anybody else is told the command.
set -eu

if ! command -v dpkg-query >/dev/null; then
    echo "packages.sh: not a Debian system; what these packages hold is needed: $*" >&2
    exit 0
fi
missing=
for package in "$@"; do
    case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true) in
        installed) ;;
        *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    echo "These packages are missing; install them with:" >&2
    echo "    sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi

# etcd and containerd would come up as services of this machine: invoke-rc.d asks this file, 101 means no.
if [ ! -e /usr/sbin/policy-rc.d ]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
install() { apt-get install -y -q --no-install-recommends $missing; }
install >/dev/null 2>&1 || { apt-get update -q && install; }
