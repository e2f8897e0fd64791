#!/bin/sh
# Makes the Swift code of Sources/Etcd/Protocol from the .proto files beside this script (`make proto`).
#
# Needs protoc (Debian: protobuf-compiler). The two plugins are built from the packages in Package.resolved.
# BUILD names the scratch folder of the build (default .build-debug); PLUGINS a folder that has both plugins already.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out="$root/Sources/Etcd/Protocol"

if [ -z "${PLUGINS:-}" ]; then
    scratch="${BUILD:-$root/.build-debug}"
    for product in protoc-gen-swift protoc-gen-grpc-swift-2; do
        swift build --package-path "$root" --scratch-path "$scratch" --product "$product"
    done
    PLUGINS=$(swift build --package-path "$root" --scratch-path "$scratch" --show-bin-path)
fi

command -v protoc >/dev/null || { echo "protoc is missing: apt-get install protobuf-compiler" >&2; exit 1; }
mkdir -p "$out"
rm -f "$out"/*.pb.swift "$out"/*.grpc.swift
protoc --proto_path="$here" \
    --plugin=protoc-gen-swift="$PLUGINS/protoc-gen-swift" \
    --swift_opt=Visibility=Internal,UseAccessLevelOnImports=true,FileNaming=DropPath --swift_out="$out" \
    --plugin=protoc-gen-grpc-swift="$PLUGINS/protoc-gen-grpc-swift-2" \
    --grpc-swift_opt=Visibility=Internal,UseAccessLevelOnImports=true,FileNaming=DropPath,Server=false,Client=false \
    --grpc-swift_out="$out" \
    kv.proto rpc.proto
rm -f "$out"/kv.grpc.swift # it has no service

# The formatter leaves generated code alone.
for file in "$out"/*.swift; do
    grep -q swift-format-ignore-file "$file" || sed -i '1i // swift-format-ignore-file' "$file"
done
