// Moving elements between two strided layouts: what concat, slice and permute are made of.
#pragma once
#include <cstdint>

#include "tensor.h"
#include "threadPool.h"

namespace patchbay {

constexpr int64_t kTaskElements = 1 << 14;  // elements one task moves

// One walk over `rank` axes with a stride on either side, in elements.
struct Walk {
  int rank = 0;
  int64_t dims[kMaxRank + 1];
  int64_t from[kMaxRank + 1];
  int64_t to[kMaxRank + 1];

  // Axes of length 1 are left out; an axis that goes on where the one before it ends is merged with it.
  void add(int64_t size, int64_t fromStride, int64_t toStride) {
    if (size == 1) return;
    if (rank && from[rank - 1] == size * fromStride && to[rank - 1] == size * toStride) {
      dims[rank - 1] *= size;
      from[rank - 1] = fromStride;
      to[rank - 1] = toStride;
      return;
    }
    dims[rank] = size, from[rank] = fromStride, to[rank] = toStride;
    ++rank;
  }
};

// Elements from one place of an axis to the next.
inline int64_t strideOf(const View& view, int axis) {
  if (axis == view.rank - 1) return 1;
  int64_t stride = view.rowStride;
  for (int i = view.rank - 2; i > axis; --i) stride *= view.dims[i];
  return stride;
}

// Copies every element of the walk; the axes are those of the target, outermost first.
void copyWalk(const Walk& walk, const float* from, float* to, ThreadPool& pool);

}  // namespace patchbay
