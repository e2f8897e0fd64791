#!/bin/sh
# Fails, with the official way to get one, when there is no Swift toolchain that can build this.
set -eu
wanted=6.2
found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
if [ -n "$found" ] && [ "$(printf '%s\n%s\n' "$wanted" "$found" | sort -V | head -n 1)" = "$wanted" ]; then
    exit 0
fi
cat >&2 <<END
${found:+Swift $found is too old: }Swift $wanted or newer is needed to build this, and is not in Debian.
The official way to get it is swiftly, see https://www.swift.org/install/linux/ :

    sudo apt-get install curl ca-certificates gnupg
    curl -O https://download.swift.org/swiftly/linux/swiftly-$(uname -m).tar.gz
    tar zxf swiftly-$(uname -m).tar.gz
    ./swiftly init
END
exit 1
