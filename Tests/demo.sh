#!/bin/sh
# Runs the demo in namespaces of its own and compares this machine before and after: demo.sh ROMANA-DEMO
set -eu
here=$(dirname "$0")

# Links without their counters, routes, rules, names of namespaces and folders that a forgetful program would leave.
remains() {
    ip -oneline link show | cut -d ' ' -f 2 | sort
    ip route show table all | sort
    ip -6 route show table all | sed 's/ expires .*//' | sort
    ip rule
    ip -6 rule
    for path in /run/netns/* /run/romana* /tmp/romana-*; do [ ! -e "$path" ] || echo "$path"; done
}

before=$(remains)
"$here/isolated.sh" "$1"
after=$(remains)
if [ "$before" != "$after" ]; then
    echo "This machine is not as it was before the demo:" >&2
    printf '%s\n' "--- before" "$before" "--- after" "$after" >&2
    exit 1
fi
echo "  - this machine's own links, routes, rules and namespaces are as they were before"
