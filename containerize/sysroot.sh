#!/bin/sh
# Unpacks Debian's libraries for another architecture into a folder, for images of it: sysroot.sh ARCH FOLDER
#
# Nothing of them is run and nothing of this machine changes: packages come by its own sources, with lists and a cache
# that are thrown away.
set -eu
[ $# -eq 2 ] || { echo 'usage: sysroot.sh ARCH FOLDER' >&2; exit 2; }
arch=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$folder/var/lib/dpkg/info" "$folder/var/lib/dpkg/updates"
: >"$work/status"
apt() {
    apt-get -q -y -o APT::Architecture="$arch" -o APT::Architectures="$arch" -o APT::Sandbox::User= \
        -o Dir::State::lists="$work/lists" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache" "$@" >&2
}
apt update
# What the programs load, with what that needs in turn.
apt install --download-only --no-install-recommends libcurl4 libexpat1 libmnl0 libnl-route-3-200 libnftnl11 libstdc++6 \
    zlib1g etcd-server ca-certificates

# Folders that Debian merged, before anything goes the wrong way.
for name in bin sbin lib lib64; do
    mkdir -p "$folder/usr/$name"
    [ -e "$folder/$name" ] || ln -s "usr/$name" "$folder/$name"
done
: >"$folder/var/lib/dpkg/status"
for package in "$work"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$folder" --keep-directory-symlink
    # So that dpkg-query can say which package a file is of.
    name=$(dpkg-deb --field "$package" Package)
    dpkg-deb --fsys-tarfile "$package" | tar -t | sed 's|^\.||; s|/$||; s|^$|/.|' \
        >"$folder/var/lib/dpkg/info/$name.list"
    { dpkg-deb --field "$package"; echo 'Status: install ok installed'; echo; } >>"$folder/var/lib/dpkg/status"
done
