#!/bin/sh
# Prints the paths of all Swift sources that people wrote; generated code is not among them.
set -eu
cd "$(dirname "$0")/.."
find Package.swift perf/Package.swift Sources Tests perf -name '*.swift' \
    ! -name '*.pb.swift' ! -name '*.grpc.swift' ! -path '*/.build*' -print | sort -u
