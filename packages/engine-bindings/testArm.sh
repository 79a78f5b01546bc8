#!/bin/sh
# Compiles the kernels for 64-bit ARM and runs their tests, in an emulator on other machines. Wants aarch64-linux-gnu-g++ and qemu-aarch64
# (on Debian: apt install g++-aarch64-linux-gnu qemu-user).
set -e
cd "$(dirname "$0")/native"
build=../build/arm
mkdir -p $build
for source in cpu/*.cc cpu/test/*.cc core/error.cc core/threadPool.cc; do
  aarch64-linux-gnu-g++ -std=c++17 -O2 -ffp-contract=fast -fno-math-errno -fno-trapping-math -Wall -Wextra -pthread \
    -DPATCHBAY_ISA=generic -c "$source" -o "$build/$(echo "$source" | tr / -).o"
done
aarch64-linux-gnu-g++ -static -pthread $build/*.o -o $build/kernels.test
[ "$(uname -m)" = aarch64 ] || emulator=qemu-aarch64
$emulator $build/kernels.test "$@"
