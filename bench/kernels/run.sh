#!/bin/sh
# Builds the CPU kernels as the addon does, and the benchmark, into build/; then runs it. Arguments: [isa] [threads] [part of a name] [method].
set -e
cd "$(dirname "$0")"
native=../../packages/engine-bindings/native
compiler=${CXX:-g++}
flags="-std=c++17 -O3 -ffp-contract=fast -fno-math-errno -fno-trapping-math"
mkdir -p build
compile() { # source, object, further flags
  source=$1 object=build/$2; shift 2
  if [ -n "$(find "$source" $native/cpu/*.h $native/core/*.h -newer "$object" 2>/dev/null)" ] || [ ! -f "$object" ]; then
    echo "$compiler $source $*" >&2
    $compiler $flags "$@" -c "$source" -o "$object"
  fi
}
isas=generic
[ "$(uname -m)" = x86_64 ] && isas="generic avx2 avx512"
for isa in $isas; do
  case $isa in
    generic) extra= ;;
    avx2) extra="-mavx2 -mfma -mf16c" ;;
    avx512) extra="-mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx2 -mfma -mf16c" ;;
  esac
  for source in $native/cpu/*.cc; do
    [ "$(basename "$source")" = kernelTable.cc ] || compile "$source" "$(basename "$source" .cc).$isa.o" -DPATCHBAY_ISA=$isa $extra
  done
done
compile $native/cpu/kernelTable.cc kernelTable.o
compile $native/core/threadPool.cc threadPool.o
compile $native/core/error.cc error.o
compile kernels.cc kernels.o
$compiler build/*.o -o build/kernels -pthread
exec ./build/kernels "$@"
