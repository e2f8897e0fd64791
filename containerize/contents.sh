#!/bin/sh
# Prints what an image consists of as SPDX 2.3 (JSON): contents.sh COMPONENT DOC-FOLDER LIBRARIES
#
# LIBRARIES is what libraries.sh printed; the terms of the Debian packages that they come from are copied to DOC-FOLDER.
set -eu
component=$1
documents=$2
libraries=$3
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
sysroot=${SYSROOT:-}
# Debian's own tools, asked about another root folder where there is one.
query() { dpkg-query ${sysroot:+"--admindir=$sysroot/var/lib/dpkg"} "$@"; }

# The package that a file is of. Debian merged /lib into /usr/lib, and packages know their files by either name.
owner() {
    path=${1#"$sysroot"}
    query --search "$path" 2>/dev/null || query --search "${path#/usr}" 2>/dev/null \
        || echo "contents.sh: $path is of no package: what it is of is not told" >&2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

{
    while read -r _ path; do owner "$path"; done <"$libraries"
    if [ "$component" = etcd ]; then echo 'etcd-server: /usr/bin/etcd'; fi
} | sed 's/:.*//' | sort -u >"$work/packages"
echo ca-certificates >>"$work/packages"
while read -r package; do
    query --show -f '${source:Package}\t${Package}\t${Version}\t${Architecture}\n' "$package" | head -n 1
done <"$work/packages" | sort -u >"$work/debian"
while IFS="$(printf '\t')" read -r _ package _ _; do
    terms=$sysroot/usr/share/doc/$package/copyright
    if [ -f "$terms" ]; then
        mkdir -p "$documents/$package"
        install -m 644 "$terms" "$documents/$package/copyright"
    fi
done <"$work/debian"

# What the programs are built from, at the versions that were resolved.
resolved=$here/../Package.resolved
if [ "$component" != etcd ] && [ -f "$resolved" ]; then
    jq -r '.pins[] | [.location, (.state.version // .state.revision)] | @tsv' "$resolved" | sort
fi >"$work/swift"
compiler=
if [ "$component" != etcd ]; then compiler=$(swiftc --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1); fi

jq -n --arg component "$component" --arg version "$VERSION" --arg arch "$ARCH" --arg compiler "$compiler" \
    --arg created "$(date -u -d "@$EPOCH" +%Y-%m-%dT%H:%M:%SZ)" \
    --arg digest "$(cat "$work/debian" "$work/swift" | sha256sum | cut -c 1-32)" \
    --rawfile debian "$work/debian" --rawfile swift "$work/swift" '
    def rows: split("\n") | map(select(. != "") | split("\t"));
    def id: gsub("[^A-Za-z0-9.-]"; "-");
    def package($id; $name; $version; $supplier; $purl):
        {SPDXID: $id, name: $name, versionInfo: $version, supplier: $supplier, downloadLocation: "NOASSERTION",
         filesAnalyzed: false, licenseConcluded: "NOASSERTION", licenseDeclared: "NOASSERTION",
         copyrightText: "NOASSERTION",
         externalRefs: [{referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: $purl}]};
    (($debian | rows | map(package("SPDXRef-deb-" + (.[1] | id); .[1]; .[2]; "Organization: Debian";
        "pkg:deb/debian/" + .[1] + "@" + (.[2] | @uri) + "?arch=" + .[3])))
     + ($swift | rows | map((.[0] | sub("^https://"; "") | sub("[.]git$"; "")) as $place
        | package("SPDXRef-swift-" + ($place | id); $place | split("/") | last; .[1]; "NOASSERTION";
            "pkg:swift/" + $place + "@" + .[1])))
     + (if $compiler == "" then [] else
        [package("SPDXRef-swift-runtime"; "swift"; $compiler; "NOASSERTION";
            "pkg:generic/swift@" + $compiler)] end)) as $parts
    | {spdxVersion: "SPDX-2.3", dataLicense: "CC0-1.0", SPDXID: "SPDXRef-DOCUMENT",
       name: "romana-\($component)-\($version)-\($arch)",
       documentNamespace: "https://spdx.org/spdxdocs/romana-\($component)-\($version)-\($arch)-\($digest)",
       creationInfo: {created: $created, creators: ["Tool: containerize/contents.sh"]},
       packages: ([package("SPDXRef-image"; "romana-" + $component; $version; "NOASSERTION";
            "pkg:oci/" + $component + "@" + $version + "?arch=" + $arch)
            | .licenseDeclared = (if $component == "etcd" then "NOASSERTION" else "Apache-2.0" end)] + $parts),
       relationships: ([{spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES",
            relatedSpdxElement: "SPDXRef-image"}]
          + ($parts | map({spdxElementId: "SPDXRef-image", relationshipType: "CONTAINS",
            relatedSpdxElement: .SPDXID})))}'
