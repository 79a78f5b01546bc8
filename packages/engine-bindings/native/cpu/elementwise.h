// One function of a vector over every element of a view.
#pragma once
#include "parallel.h"
#include "simd.h"

namespace patchbay {
namespace PATCHBAY_ISA {

constexpr int64_t kPiece = 16 * 1024;  // elements of one task

// f(Vec) for `count` adjacent elements; out may be x.
template <class F>
PATCHBAY_INLINE void mapRow(const float* x, float* out, int64_t count, const F& f) {
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(out + i, f(load(x + i)));
  if (i < count) storePart(out + i, f(loadPart(x + i, int(count - i))), int(count - i));
}

template <class F>
inline void mapElements(const View& x, const View& out, ThreadPool& pool, const F& f) {
  const float* from = x.f32();
  float* to = out.f32();
  if (x.contiguous() && out.contiguous()) {
    parallelRanges(pool, x.count(), kPiece, [=](int64_t first, int64_t last, int) { mapRow(from + first, to + first, last - first, f); });
    return;
  }
  int64_t width = x.last(), xStride = x.rowStride, outStride = out.rowStride;
  parallelRanges(pool, x.rows(), maxOf(1, kPiece / maxOf(1, width)), [=](int64_t first, int64_t last, int) {
    for (int64_t row = first; row < last; ++row) mapRow(from + row * xStride, to + row * outStride, width, f);
  });
}

// f(x row, out row) for every row, several rows a task.
template <class F>
inline void mapRows(const View& x, const View& out, ThreadPool& pool, const F& f) {
  const float* from = x.f32();
  float* to = out.f32();
  int64_t xStride = x.rowStride, outStride = out.rowStride;
  parallelRanges(pool, x.rows(), maxOf(1, kPiece / maxOf(1, x.last())), [=](int64_t first, int64_t last, int) {
    for (int64_t row = first; row < last; ++row) f(from + row * xStride, to + row * outStride);
  });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
