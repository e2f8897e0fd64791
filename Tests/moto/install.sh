#!/bin/sh
# Puts moto, which plays AWS in tests, of the version that the project is tested with into a folder: install.sh FOLDER
set -eu

version=5.2.5
folder=$1

[ "$(cat "$folder/version" 2>/dev/null || true)" = "$version" ] && exit 0
"$(dirname "$0")/../packages.sh" python3 python3-venv
echo "installing moto $version"
rm -rf "$folder"
python3 -m venv "$folder"
# Its extra `server` would bring much that only other services of AWS need.
"$folder/bin/pip" install --quiet --disable-pip-version-check "moto[ec2,iam,sts]==$version" flask flask-cors
echo "$version" >"$folder/version"
