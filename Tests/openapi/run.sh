#!/bin/sh
# Asks a daemon everything that its own description allows, and much that it does not:
#
#   run.sh FOLDER-OF-SCHEMATHESIS URL [OPTION...]
#
# The folder is what install.sh made. Nothing is written but to a temporary folder.
set -eu

program=$(cd "$1" && pwd)/bin/schemathesis
url=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/formats.py" "$here/schemathesis.toml" "$work"
cd "$work"
PYTHONPATH=. NO_COLOR=1 "$program" run "$url/openapi.json" \
    --checks all --exclude-checks ignored_auth --continue-on-failure --seed 1 --max-examples 25 "$@"
