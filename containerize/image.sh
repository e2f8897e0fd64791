#!/bin/sh
# Makes an image from programs and exactly the libraries that they load, without a base image, a registry or a daemon:
#
#   image.sh COMPONENT LAYOUT      COMPONENT: agent, daemon or etcd
#
# adds its blobs to the OCI image layout in the folder LAYOUT, writes what is in it to LAYOUT/../COMPONENT-ARCH.spdx.json,
# and prints the image's descriptor. The same programs and libraries give the same bytes. Environment:
#
#   ARCH        amd64 or arm64 (default: this machine's)
#   PROGRAMS    folder of romana-agent, romana-daemon and romana (default: what `make build` made)
#   PLUGIN      the static romana-cni (default: likewise)
#   SYSROOT     where Debian's files for ARCH are (default: this machine's own)
#   VERSION     the release
#   COMPRESSION  1 to 9 (default: 9)
#   SOURCE_DATE_EPOCH  the time of every file (default: that of the last commit)
set -eu
[ $# -eq 2 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | sed '$d' >&2; exit 2; }
component=$1
layout=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$here/..
arch=${ARCH:-$(dpkg --print-architecture)}
sysroot=${SYSROOT:-}
programs=${PROGRAMS:-$root/.build-release/release}
plugin=${PLUGIN:-$root/.build-static/romana-cni}
version=${VERSION:-$(sed -n 's/.*version = "\(.*\)".*/\1/p' "$root/Sources/Release/Release.swift")}
epoch=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 0)}
revision=$(git -C "$root" rev-parse HEAD 2>/dev/null || echo unknown)
created=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)

user=0
case $component in
agent)
    title='Romana agent' description='Pod network of a node, CNI plugin, and duties for the cluster'
    files="$programs/romana-agent $programs/romana $plugin" command=romana-agent ;;
daemon)
    title='Romana daemon' description='Topology, hosts, blocks and policies of the pod network over REST'
    files="$programs/romana-daemon $programs/romana" command=romana-daemon user=65532 ;;
etcd)
    title='etcd for Romana' description='The etcd of Debian, for clusters that have none for Romana'
    files="$sysroot/usr/bin/etcd" command=etcd ;;
*) echo "image.sh: $component: there are agent, daemon and etcd" >&2; exit 2 ;;
esac
case $arch in
amd64) triplet=x86_64-linux-gnu ;;
arm64) triplet=aarch64-linux-gnu ;;
*) echo "image.sh: $arch: there are amd64 and arm64" >&2; exit 2 ;;
esac
for file in $files; do
    [ -f "$file" ] || { echo "image.sh: $file is missing: make build, or apt-get install etcd-server" >&2; exit 1; }
done
# binutils for another architecture have its name before theirs.
strip=strip
[ "$arch" = "$(dpkg --print-architecture)" ] || strip=$triplet-strip

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$layout/blobs/sha256"

# Stores a file under its digest, and prints digest and size as members of JSON.
store() {
    digest=$(sha256sum "$1" | cut -d ' ' -f 1)
    size=$(wc -c <"$1")
    mv "$1" "$layout/blobs/sha256/$digest"
    printf '"digest": "sha256:%s", "size": %s' "$digest" "$size"
}

# Packs a folder as a layer, appends its descriptor and the digest of its content to the lists.
layer() {
    tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$epoch" --format=ustar -C "$1" -cf "$work/layer.tar" .
    printf '%s"sha256:%s"' "${diffs:+, }" "$(sha256sum "$work/layer.tar" | cut -d ' ' -f 1)" >>"$work/diffs"
    gzip -n "-${COMPRESSION:-9}" "$work/layer.tar"
    printf '%s{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", %s}' \
        "${diffs:+, }" "$(store "$work/layer.tar.gz")" >>"$work/layers"
    diffs=some
}
diffs=

# The first layer: libraries, and what they expect to find. Agent and daemon share it.
base=$work/base
mkdir -p "$base/etc/ssl/certs" "$base/usr/bin" "$base/usr/lib/$triplet" "$base/usr/lib64" "$base/usr/share/doc"
for folder in bin lib lib64; do ln -s "usr/$folder" "$base/$folder"; done
shared=$files
[ "$component" = etcd ] || shared="$programs/romana-agent $programs/romana-daemon $programs/romana"
SYSROOT=$sysroot "$here/libraries.sh" $shared >"$work/libraries"
while read -r name path; do
    case $name in
    /*) mkdir -p "$base$(dirname "$name")" && cp "$path" "$base$name" ;;
    *) cp --dereference "$path" "$base/usr/lib/$triplet/$name" ;;
    esac
done <"$work/libraries"
find "$base/usr/lib" "$base/usr/lib64" -type f -exec chmod 755 {} +
echo 'root:x:0:0:root:/:/sbin/nologin
romana:x:65532:65532:romana:/:/sbin/nologin' >"$base/etc/passwd"
echo 'root:x:0:
romana:x:65532:' >"$base/etc/group"
echo 'hosts: files dns' >"$base/etc/nsswitch.conf"
certificates=/etc/ssl/certs/ca-certificates.crt
[ -f "$certificates" ] || { echo "image.sh: $certificates is missing: apt-get install ca-certificates" >&2; exit 1; }
install -m 644 "$certificates" "$base$certificates"
ARCH=$arch SYSROOT=$sysroot VERSION=$version EPOCH=$epoch "$here/contents.sh" "$component" "$base/usr/share/doc" \
    "$work/libraries" >"$work/contents"
layer "$base"

# The second one: the programs, what is in the image, and what a manifest mounts something on.
top=$work/top
mkdir -p "$top/usr/bin" "$top/usr/share/romana"
for file in $files; do
    $strip -o "$top/usr/bin/$(basename "$file")" "$file"
    chmod 755 "$top/usr/bin/$(basename "$file")"
done
case $component in
agent)
    mkdir -p "$top/run/romana" "$top/opt/cni/bin" "$top/etc/cni/net.d" "$top/host/proc/sys/net"
    : >"$top/etc/machine-id" ;;
etcd) mkdir -p "$top/var/lib/romana/etcd" ;;
esac
[ "$component" = etcd ] || mkdir -p "$top/etc/romana/etcd" "$top/etc/romana/network"
install -m 644 "$root/LICENSE" "$top/usr/share/romana/LICENSE"
install -m 644 "$work/contents" "$top/usr/share/romana/contents.spdx.json"
install -m 644 "$work/contents" "$(dirname "$layout")/$component-$arch.spdx.json"
layer "$top"

cat >"$work/config" <<JSON
{"created": "$created", "architecture": "$arch", "os": "linux",
 "config": {"User": "$user", "Env": ["PATH=/usr/bin"], "Cmd": ["$command"], "Labels": {
   "org.opencontainers.image.title": "$title", "org.opencontainers.image.description": "$description",
   "org.opencontainers.image.version": "$version", "org.opencontainers.image.revision": "$revision",
   "org.opencontainers.image.created": "$created", "org.opencontainers.image.licenses": "Apache-2.0"}},
 "rootfs": {"type": "layers", "diff_ids": [$(cat "$work/diffs")]},
 "history": [{"created": "$created", "comment": "libraries"}, {"created": "$created", "comment": "$component"}]}
JSON
cat >"$work/manifest" <<JSON
{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
 "config": {"mediaType": "application/vnd.oci.image.config.v1+json", $(store "$work/config")},
 "layers": [$(cat "$work/layers")],
 "annotations": {"org.opencontainers.image.version": "$version", "org.opencontainers.image.revision": "$revision"}}
JSON
printf '{"mediaType": "application/vnd.oci.image.manifest.v1+json", %s, "platform": {"architecture": "%s", "os": "linux"}}\n' \
    "$(store "$work/manifest")" "$arch"
