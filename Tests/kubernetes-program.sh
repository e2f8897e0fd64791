#!/bin/sh
# Prints the path of a program of Kubernetes, built from Debian's source package: kubernetes-program.sh NAME
#
# The build takes five to ten minutes of two cores, once for each machine and user: its result is kept outside of the
# checkout, in ~/.cache/romana-testbed. Installing what it needs takes root; the build itself does not.
set -eu
name=$1

here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/romana-testbed
program=$cache/$name
go=/usr/lib/go-1.19/bin

if [ -x "$program" ]; then
    echo "$program"
    exit 0
fi
# Standard output is for the path alone; whatever the tools below say goes to the other one.
exec 3>&1 >&2

if ! command -v apt-get >/dev/null; then
    echo "kubernetes-program.sh: not a Debian system; bring a $name along"
    exit 1
fi
"$here/packages.sh" golang-1.19-go dpkg-dev ca-certificates rsync jq make util-linux

# Whoever comes second waits, and then finds what the first one built.
mkdir -p "$cache"
exec 9>"$cache/building"
flock 9
if [ -x "$program" ]; then
    echo "$program" >&3
    exit 0
fi
work=$(mktemp -d "$cache/build.XXXXXX")
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"

# This machine's own sources of packages, asked for sources of programs; with lists and a cache of their own, so that
# nothing of the machine changes and nobody needs to be root.
mkdir -p apt/lists/partial apt/archives/partial apt/parts
for file in /etc/apt/sources.list.d/*.sources; do
    [ -e "$file" ] && sed 's/^Types:.*/Types: deb-src/' "$file" >"apt/parts/$(basename "$file")"
done
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -e "$file" ] && sed -n 's/^deb /deb-src /p' "$file" >"apt/parts/$(basename "$file" .list).list"
done
apt() {
    command=$1
    shift
    "$command" -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/apt/parts" \
        -o Dir::State::lists="$work/apt/lists" -o Dir::Cache="$work/apt" -o Dir::Cache::archives="$work/apt/archives" \
        -o APT::Sandbox::User= "$@"
}
apt apt-get update
version=$(apt apt-cache showsrc kubernetes 2>/dev/null | sed -n 's/^Version: \(1\.20\..*\)/\1/p' | head -n 1)
if [ -z "$version" ]; then
    echo "kubernetes-program.sh: this Debian has no kubernetes 1.20 (bookworm has); bring a $name along"
    exit 1
fi

echo "building $name of Debian's kubernetes $version, which takes a while"
apt apt-get source "kubernetes=$version"
cd kubernetes-*/
# Its reflect2 is from before Go 1.18, which has the caller bring the iterator of a map. Without one a map is walked in
# whatever memory there is, and the server breaks when it pleases.
sed -i 's/^func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer) \*hiter$/func mapiterinit(rtype, m unsafe.Pointer, it *hiter)/
    s|^\t// rest fields are ignored$|\tpointers [6]unsafe.Pointer\n\tnumbers [4]uintptr|' \
    vendor/github.com/modern-go/reflect2/unsafe_link.go
sed -i 's/^func (type2 \*UnsafeMapType) UnsafeIterate(.*{$/&\n\tit := new(hiter)\n\tmapiterinit(type2.rtype, *(*unsafe.Pointer)(obj), it)/
    s/hiter: *mapiterinit(.*),$/hiter: it,/' vendor/github.com/modern-go/reflect2/unsafe_map.go
env -u GOROOT -u GOPATH -u GOFLAGS -u GO111MODULE PATH="$go:$PATH" GOCACHE="$work/objects" CGO_ENABLED=0 \
    FORCE_HOST_GO=y make WHAT="cmd/$name"
built=$(find _output/local/bin -name "$name" -type f | head -n 1)
"$built" --version
install -m 755 "$built" "$work/$name"
mv "$work/$name" "$program"
echo "$program" >&3
