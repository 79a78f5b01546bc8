// ThreadPool::parallel for files that are compiled for one instruction set: std::function stays in kernelTable.cc.
#pragma once
#include "simd.h"
#include "kernelTable.h"

namespace patchbay {

// Defined in kernelTable.cc, which is compiled for the baseline.
void runParallel(ThreadPool& pool, int64_t tasks, void (*body)(const void* context, int64_t task, int thread), const void* context);

namespace PATCHBAY_ISA {

// A thread's part of the scratch.
template <class T>
PATCHBAY_INLINE T* scratchOf(const Scratch& scratch, int thread) {
  return reinterpret_cast<T*>(static_cast<char*>(scratch.data) + size_t(thread) * scratch.bytesEach);
}

// body(task, thread) for every task; see ThreadPool::parallel.
template <class Body>
inline void parallel(ThreadPool& pool, int64_t tasks, const Body& body) {
  if (tasks <= 0) return;
  runParallel(
      pool, tasks, [](const void* context, int64_t task, int thread) { (*static_cast<const Body*>(context))(task, thread); }, &body);
}

// body(first, last, thread) over [0, count) in pieces of `piece`, which must not depend on the number of threads where it shapes sums.
template <class Body>
inline void parallelRanges(ThreadPool& pool, int64_t count, int64_t piece, const Body& body) {
  parallel(pool, ceilDiv(count, piece), [&](int64_t task, int thread) {
    body(task * piece, minOf(count, (task + 1) * piece), thread);
  });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
