#!/bin/sh
# Puts moto, which plays AWS in tests, of the version that the project is tested with into a folder: install.sh FOLDER
set -eu
version=5.2.5
# Its extra `server` would bring much that only other services of AWS need.
exec "$(dirname "$0")/../python-program.sh" "$1" moto $version "moto[ec2,iam,sts]==$version" flask flask-cors
