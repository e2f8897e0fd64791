#!/bin/sh
# Runs tests and, when they fail, says once more at the end which did and why: failures-last.sh COMMAND...
# Of a long run often only the end is kept.
set -u
log=$(mktemp)
status=$(mktemp)
trap 'rm -f "$log" "$status"' EXIT
trap 'exit 130' INT TERM
{
    "$@" 2>&1
    echo $? >"$status"
} | tee "$log"
code=$(cat "$status")
if [ "${code:-1}" -ne 0 ]; then
    echo "--- what failed:"
    grep -a -A 3 -E 'recorded an issue|Fatal error|error:|Caught signal' "$log" | grep -a -v -E '(started|passed after).*\.$' | tail -n 60
fi
exit "${code:-1}"
