#!/bin/sh
# Builds the addon, so that its kernels are there, and the benchmark, into build/; then runs it. Arguments: see kernels.cc.
# With --peak [threads] [isa]: only what the machine can do at most, as JSON, without the kernels.
set -e
cd "$(dirname "$0")"
compiler=${CXX:-g++}
mkdir -p build
if [ "$1" = --peak ]; then
  shift
  $compiler -std=c++17 -O3 peak.cc -o build/peak -pthread
  exec ./build/peak "$@"
fi
addon=../../packages/engine-bindings
node $addon/build.mjs
# The addon's own objects, so that what is timed is what the engine runs.
objects=$(grep -e -cpu- -e -core-threadPool -e -core-error $addon/build/patchbay.node.from)
# shellcheck disable=SC2086
$compiler -std=c++17 -O3 kernels.cc $objects -o build/kernels -pthread
exec ./build/kernels "$@"
