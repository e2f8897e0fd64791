#!/bin/sh
# Makes the images of a release as OCI archives, and pushes them where that is asked for: images.sh FOLDER
#
# FOLDER gets COMPONENT-TAG.tar for agent, daemon and etcd (containerd: ctr image import), what is in them, and the
# manifests of specs/ with the images' names. Environment, besides that of image.sh:
#
#   TAG         the tag (default: the release)
#   REGISTRY    what names begin with: a registry's host, and more (default: localhost/romana, which is none: for images
#               that nodes are given as archives)
#   PUSH        yes to push them to that registry, with skopeo and its usual credentials (default: no)
#   PUSH_OPTIONS  more words for skopeo
#   ARCHITECTURES  amd64, arm64 or both (default: this machine's); one that is not this machine's needs programs and
#               libraries for it: PROGRAMS_arm64, PLUGIN_arm64, SYSROOT_arm64 name them (see README.md)
#   COMPONENTS  which (default: all)
set -eu
[ $# -eq 1 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | sed '$d' >&2; exit 2; }
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
own=$(dpkg --print-architecture)
TAG=${TAG:-$(sed -n 's/.*version = "\(.*\)".*/\1/p' "$here/../Sources/Release/Release.swift")}
registry=${REGISTRY:-localhost/romana}
epoch=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct 2>/dev/null || echo 0)}

case $TAG in
'' | [!A-Za-z0-9_]* | *[!A-Za-z0-9._-]*) echo "images.sh: $TAG is no tag: letters, digits, . _ -" >&2; exit 2 ;;
esac
[ "${#TAG}" -le 128 ] || { echo "images.sh: a tag has 128 characters at most" >&2; exit 2; }
# A prefix that ends in - or / is one as it stands.
case $registry in
*[-/]) prefix=$registry ;;
*) prefix=$registry/ ;;
esac
case ${PUSH:-no} in
yes)
    [ -n "${REGISTRY:-}" ] || { echo "images.sh: PUSH=yes: REGISTRY says where to" >&2; exit 2; }
    command -v skopeo >/dev/null || { echo "images.sh: PUSH=yes needs skopeo: apt-get install skopeo" >&2; exit 1; }
    ;;
no) ;;
*) echo "images.sh: PUSH=$PUSH: yes or no" >&2; exit 2 ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for component in ${COMPONENTS:-agent daemon etcd}; do
    image=$prefix$component:$TAG
    layout=$folder/.$component.layout
    rm -rf "$layout"
    : >"$work/images"
    for arch in ${ARCHITECTURES:-$own}; do
        (
            if [ "$arch" != "$own" ]; then
                eval "PROGRAMS=\${PROGRAMS_$arch:-} PLUGIN=\${PLUGIN_$arch:-} SYSROOT=\${SYSROOT_$arch:-}"
                [ -n "$SYSROOT" ] || { echo "images.sh: for $arch, SYSROOT_$arch names its libraries" >&2; exit 1; }
                export PROGRAMS PLUGIN SYSROOT
            fi
            ARCH=$arch VERSION=$TAG SOURCE_DATE_EPOCH=$epoch "$here/image.sh" "$component" "$layout"
        ) >>"$work/images"
    done
    # One architecture is named straight, several by an index of them.
    if [ "$(wc -l <"$work/images")" -eq 1 ]; then
        descriptor=$(cat "$work/images")
    else
        printf '{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [%s]}\n' \
            "$(paste -s -d ',' "$work/images")" >"$work/index"
        digest=$(sha256sum "$work/index" | cut -d ' ' -f 1)
        descriptor=$(printf '{"mediaType": "application/vnd.oci.image.index.v1+json", "digest": "sha256:%s", "size": %s}' \
            "$digest" "$(wc -c <"$work/index")")
        mv "$work/index" "$layout/blobs/sha256/$digest"
    fi
    printf '%s\n' "$descriptor" | jq -c --arg name "$image" --arg tag "$TAG" '{schemaVersion: 2,
        mediaType: "application/vnd.oci.image.index.v1+json",
        manifests: [. + {annotations: {"io.containerd.image.name": $name, "org.opencontainers.image.ref.name": $tag}}]}' \
        >"$layout/index.json"
    echo '{"imageLayoutVersion": "1.0.0"}' >"$layout/oci-layout"
    tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$epoch" --format=ustar -C "$layout" \
        -cf "$folder/$component-$TAG.tar" oci-layout index.json blobs
    rm -rf "$layout"
    echo "$image: $folder/$component-$TAG.tar, $(($(wc -c <"$folder/$component-$TAG.tar") / 1000000)) MB"
    if [ "${PUSH:-no}" = yes ]; then
        skopeo copy --all ${PUSH_OPTIONS:-} "oci-archive:$folder/$component-$TAG.tar" "docker://$image"
    fi
done
mkdir -p "$folder/specs"
IMAGES=$prefix TAG=$TAG "$here/../specs/manifests/generate.sh" "$folder/specs"
