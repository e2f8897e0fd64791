#!/bin/sh
# Builds romana-cni as it is installed: build.sh SCRATCH-FOLDER OUTPUT [OPTION OF SWIFT BUILD...]
#
# Embedded Swift, static, with musl (Debian: musl-dev). The runtime starts the plugin once for each call, so starting is
# most of its work: Embedded Swift has no runtime to set up, and musl asks the processor nothing, where glibc's start
# runs CPUID dozens of times, each of them an exit to the hypervisor on a virtual machine.
# specs/design/cni.md has the figures. The same sources build as ordinary Swift too.
set -eu
scratch=$1
output=$2
shift 2
cd "$(dirname "$0")/.."

target=$(swiftc -print-target-info)
fact() { printf '%s\n' "$target" | sed -n "s/.*\"$1\": \"\(.*\)\".*/\1/p" | head -n 1; }
swift_libraries=$(fact runtimeResourcePath)/embedded/$(fact unversionedTriple)
musl=$(uname -m)-linux-musl
# What the processor cannot do in one instruction, such as shifts of 128 bits, comes from the C compiler's own library.
arithmetic=$(cc -print-libgcc-file-name)
for needed in "/usr/lib/$musl/libc.a" "$swift_libraries/libswiftUnicodeDataTables.a"; do
    [ -e "$needed" ] || { echo "build romana-cni: $needed is missing" >&2; exit 1; }
done

# musl's headers come before glibc's; those of the kernel are the same for both. The optimizer's pass that turns array
# literals into static objects mixes up those of one function when another module is given its body (Swift 6.3, embedded
# only: ADD demanded the variables of GC). It may come back when PluginRefusalTests pass with it.
swift build --configuration release --scratch-path "$scratch" --product romana-cni "$@" \
    -Xswiftc -enable-experimental-feature -Xswiftc Embedded -Xswiftc -wmo \
    -Xswiftc -Xllvm -Xswiftc -sil-disable-pass=object-outliner \
    -Xcc "-isystem/usr/include/$musl" \
    -Xswiftc -Xclang-linker -Xswiftc -static -Xswiftc -Xclang-linker -Xswiftc -nostdlib \
    -Xlinker "/usr/lib/$musl/crt1.o" -Xlinker "/usr/lib/$musl/crti.o" \
    -Xlinker "-L$swift_libraries" -Xlinker -lswiftUnicodeDataTables \
    -Xlinker "$arithmetic" -Xlinker "/usr/lib/$musl/libc.a" -Xlinker "/usr/lib/$musl/crtn.o" -Xlinker --gc-sections

# Stripped and written in one go: the kernel maps a file that was copied in a third less time than one that the linker
# has left in pieces.
strip -o "$output.new" "$scratch/release/romana-cni"
mv "$output.new" "$output"
