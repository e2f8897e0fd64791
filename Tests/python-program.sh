#!/bin/sh
# Puts a program of Python's index, of the version that the project is tested with, into a folder:
#
#   python-program.sh FOLDER NAME VERSION PACKAGE...
set -eu

folder=$1
name=$2
version=$3
shift 3

if [ -r "$folder/version" ] && [ "$(cat "$folder/version")" = "$version" ]; then exit 0; fi
"$(dirname "$0")/packages.sh" python3 python3-venv
echo "installing $name $version"
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
echo "$version" >"$folder/version"
