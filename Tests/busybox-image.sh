#!/bin/sh
# Makes an OCI image archive of Debian's static busybox: busybox-image.sh OUTPUT.tar [NAME COMMAND]
#
# The image is named localhost/busybox:1 and starts a shell, unless NAME and COMMAND (in JSON) are given (image-spec: oci-layout, index, manifest, config and one layer).
set -eu
output=$1
name=${2:-localhost/busybox:1}
command=${3:-'["sh"]'}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/root/bin" "$work/root/etc" "$work/root/tmp" "$work/image/blobs/sha256"
cp "$(command -v busybox)" "$work/root/bin/busybox"
for applet in sh ip ping sleep cat; do
    ln -s busybox "$work/root/bin/$applet"
done
case $(dpkg --print-architecture) in
    amd64) architecture=amd64 ;;
    arm64) architecture=arm64 ;;
    *) echo "busybox-image.sh: unknown architecture" >&2; exit 1 ;;
esac

# Stores a file under its digest and prints the digest and the size.
store() {
    digest=$(sha256sum "$1" | cut -d ' ' -f 1)
    size=$(wc -c <"$1")
    mv "$1" "$work/image/blobs/sha256/$digest"
    echo "\"digest\": \"sha256:$digest\", \"size\": $size"
}

tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -C "$work/root" -cf "$work/layer" .
diff=$(sha256sum "$work/layer" | cut -d ' ' -f 1)
layer=$(store "$work/layer")
cat >"$work/config" <<END
{"architecture": "$architecture", "os": "linux", "config": {"Env": ["PATH=/bin"], "Cmd": $command},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$diff"]}}
END
config=$(store "$work/config")
cat >"$work/manifest" <<END
{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
 "config": {"mediaType": "application/vnd.oci.image.config.v1+json", $config},
 "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", $layer}]}
END
manifest=$(store "$work/manifest")
cat >"$work/image/index.json" <<END
{"schemaVersion": 2, "manifests": [{"mediaType": "application/vnd.oci.image.manifest.v1+json", $manifest,
 "annotations": {"io.containerd.image.name": "$name"}}]}
END
echo '{"imageLayoutVersion": "1.0.0"}' >"$work/image/oci-layout"
tar -C "$work/image" -cf "$output" oci-layout index.json blobs
