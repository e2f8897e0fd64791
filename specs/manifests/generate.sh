#!/bin/sh
# Makes the manifests in specs/ from the pages and parts beside this script: generate.sh [FOLDER]
#
# A line `#: include PART [NAME=VALUE...]` of a page or part stands for that part, indented as the line is, with each
# @NAME@ in it replaced. Values without blanks; names hold in what a part includes, too. `none` is an empty part.
# @IMAGES@ is what names of images begin with and @TAG@ how they end: the variables IMAGES and TAG, else
# localhost/romana/ and the version of Sources/Release.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
out=${1:-$here/..}
tag=${TAG:-$(sed -n 's/.*version = "\(.*\)".*/\1/p' "$here/../../Sources/Release/Release.swift")}
[ -n "$tag" ] || { echo "generate.sh: Sources/Release has no version" >&2; exit 1; }

for page in "$here"/*.yaml "$here"/*.yml; do
    name=$(basename -- "$page")
    {
        echo "# Made by specs/manifests/generate.sh (make manifests): change the parts there, not this file."
        awk -v folder="$here/parts" -v tag="$tag" -v images="${IMAGES:-localhost/romana/}" '
            function fail(text) {
                print "generate.sh: " FILENAME ": " text >"/dev/stderr"
                failed = 1
                exit 1
            }
            # Replaces @NAME@ by what the settings, "NAME=VALUE NAME=VALUE", say; the first that names it counts.
            function filled(line, settings, pairs, count, i, at, name) {
                gsub(/@TAG@/, tag, line)
                gsub(/@IMAGES@/, images, line)
                count = split(settings, pairs, " ")
                for (i = 1; i <= count; i++) {
                    at = index(pairs[i], "=")
                    name = "@" substr(pairs[i], 1, at - 1) "@"
                    while ((at = index(line, name)) > 0)
                        line = substr(line, 1, at - 1) substr(pairs[i], index(pairs[i], "=") + 1) \
                            substr(line, at + length(name))
                }
                return line
            }
            function take(line, indent, settings, words, count, more, i, path, inner, deeper, answer) {
                line = filled(line, settings)
                if (line !~ /^ *#: include /) {
                    if (match(line, /@[A-Z]+@/)) fail("nobody says what " substr(line, RSTART, RLENGTH) " is")
                    print (line == "" ? "" : indent line)
                    return
                }
                deeper = line
                sub(/#.*/, "", deeper)
                count = split(line, words, " ")
                if (words[3] == "none") return
                more = settings
                for (i = count; i > 3; i--) more = words[i] " " more
                path = folder "/" words[3] ".yaml"
                while ((answer = (getline inner < path)) > 0) take(inner, indent deeper, more)
                if (answer < 0) fail("cannot read " path)
                close(path)
            }
            { take($0, "", "") }
            END { exit failed }' "$page"
    } >"$out/.$name.new"
    mv "$out/.$name.new" "$out/$name"
done
