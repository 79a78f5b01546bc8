#include "walk.h"

#include <algorithm>
#include <cstring>

namespace patchbay {
namespace {

constexpr int64_t kTile = 32;            // a tile of both sides stays in L1
// Copies along the walk's last axis from every place of the others.
void copyRows(const Walk& walk, const float* from, float* to, ThreadPool& pool) {
  int last = walk.rank - 1;
  int64_t width = walk.rank ? walk.dims[last] : 1;
  int64_t rows = 1;
  for (int i = 0; i < last; ++i) rows *= walk.dims[i];
  int64_t each = std::max<int64_t>(1, kTaskElements / width);
  pool.parallel((rows + each - 1) / each, [&](int64_t task, int) {
    for (int64_t row = task * each; row < std::min(rows, (task + 1) * each); ++row) {
      const float* source = from;
      float* target = to;
      int64_t rest = row;
      for (int axis = last - 1; axis >= 0; --axis) {
        int64_t at = rest % walk.dims[axis];
        rest /= walk.dims[axis];
        source += at * walk.from[axis];
        target += at * walk.to[axis];
      }
      int64_t fromStride = walk.rank ? walk.from[last] : 1, toStride = walk.rank ? walk.to[last] : 1;
      if (fromStride == 1 && toStride == 1) memcpy(target, source, size_t(width) * sizeof(float));
      else
        for (int64_t i = 0; i < width; ++i) target[i * toStride] = source[i * fromStride];
    }
  });
}

// The last axis is dense in the target and axis `across` dense in the source: tiles of both.
void copyTransposed(const Walk& walk, int across, const float* from, float* to, ThreadPool& pool) {
  int last = walk.rank - 1;
  int64_t outer = 1;
  for (int i = 0; i < last; ++i)
    if (i != across) outer *= walk.dims[i];
  int64_t strips = (walk.dims[across] + kTile - 1) / kTile;
  pool.parallel(outer * strips, [&](int64_t task, int) {
    const float* source = from;
    float* target = to;
    int64_t rest = task / strips;
    for (int axis = last - 1; axis >= 0; --axis) {
      if (axis == across) continue;
      int64_t at = rest % walk.dims[axis];
      rest /= walk.dims[axis];
      source += at * walk.from[axis];
      target += at * walk.to[axis];
    }
    int64_t first = task % strips * kTile, end = std::min(walk.dims[across], first + kTile);
    for (int64_t c0 = 0; c0 < walk.dims[last]; c0 += kTile) {
      int64_t c1 = std::min(walk.dims[last], c0 + kTile);
      for (int64_t i = first; i < end; ++i)
        for (int64_t c = c0; c < c1; ++c) target[i * walk.to[across] + c] = source[i + c * walk.from[last]];
    }
  });
}

}  // namespace

void copyWalk(const Walk& walk, const float* from, float* to, ThreadPool& pool) {
  int last = walk.rank - 1;
  if (walk.rank > 1 && walk.to[last] == 1 && walk.from[last] != 1)
    for (int axis = 0; axis < last; ++axis)
      if (walk.from[axis] == 1) return copyTransposed(walk, axis, from, to, pool);
  copyRows(walk, from, to, pool);
}

}  // namespace patchbay
