#!/bin/sh
# Puts schemathesis of the version that the project is tested with into a folder: install.sh FOLDER
set -eu
version=4.32.5
exec "$(dirname "$0")/../python-program.sh" "$1" schemathesis $version "schemathesis==$version"
