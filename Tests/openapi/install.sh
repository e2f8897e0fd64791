#!/bin/sh
# Puts schemathesis of the version that the project is tested with into a folder: install.sh FOLDER
set -eu

version=4.32.5
folder=$1

[ "$(cat "$folder/version" 2>/dev/null || true)" = "$version" ] && exit 0
"$(dirname "$0")/../packages.sh" python3 python3-venv
echo "installing schemathesis $version"
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"
echo "$version" >"$folder/version"
