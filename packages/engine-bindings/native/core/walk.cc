#include "walk.h"

#include <algorithm>
#include <cstring>

namespace patchbay {
namespace {

constexpr int64_t kTile = 32;  // floats on a side: a tile stays in L1

// Where a walk over the axes before the last stands: stepping is cheaper than dividing for every row, and rows may be short.
class Place {
 public:
  // At row `row` of the axes 0..axes-1, `skip` left out (-1: none).
  Place(const Walk& walk, int axes, int skip, int64_t row, const float* from, float* to)
      : source(from), target(to), walk_(walk), axes_(axes), skip_(skip) {
    for (int axis = axes - 1; axis >= 0; --axis) {
      at_[axis] = axis == skip ? 0 : row % walk.dims[axis];
      if (axis != skip) row /= walk.dims[axis];
      source += at_[axis] * walk.from[axis];
      target += at_[axis] * walk.to[axis];
    }
  }

  void step() {
    for (int axis = axes_ - 1; axis >= 0; --axis) {
      if (axis == skip_) continue;
      source += walk_.from[axis];
      target += walk_.to[axis];
      if (++at_[axis] < walk_.dims[axis]) return;
      source -= walk_.dims[axis] * walk_.from[axis];
      target -= walk_.dims[axis] * walk_.to[axis];
      at_[axis] = 0;
    }
  }

  const float* source;
  float* target;

 private:
  const Walk& walk_;
  int axes_, skip_;
  int64_t at_[kMaxRank + 1] = {};
};

void copyRow(const float* source, float* target, int64_t width, int64_t fromStride, int64_t toStride) {
  if (fromStride != 1 || toStride != 1) {
    for (int64_t i = 0; i < width; ++i) target[i * toStride] = source[i * fromStride];
  } else if (width <= 16) {
    for (int64_t i = 0; i < width; ++i) target[i] = source[i];
  } else {
    memcpy(target, source, size_t(width) * sizeof(float));
  }
}

// Copies along the walk's last axis from every place of the others.
void copyRows(const Walk& walk, const float* from, float* to, ThreadPool& pool) {
  int last = walk.rank - 1;
  int64_t width = walk.dims[last], rows = 1;
  for (int i = 0; i < last; ++i) rows *= walk.dims[i];
  int64_t each = std::max<int64_t>(1, kTaskElements / width);
  pool.parallel((rows + each - 1) / each, [&](int64_t task, int) {
    Place place(walk, last, -1, task * each, from, to);
    for (int64_t left = std::min(each, rows - task * each); left > 0; --left, place.step())
      copyRow(place.source, place.target, width, walk.from[last], walk.to[last]);
  });
}

typedef float Four __attribute__((vector_size(16)));

inline Four load(const float* from) {
  Four v;
  memcpy(&v, from, sizeof v);
  return v;
}
inline void store(float* to, Four v) { memcpy(to, &v, sizeof v); }
inline Four interleaveLow(Four a, Four b) { return Four{a[0], b[0], a[1], b[1]}; }
inline Four interleaveHigh(Four a, Four b) { return Four{a[2], b[2], a[3], b[3]}; }

// 4 x 4, between dense tiles.
inline void transposeFour(const float* from, int64_t fromStride, float* to, int64_t toStride) {
  Four a = load(from), b = load(from + fromStride), c = load(from + 2 * fromStride), d = load(from + 3 * fromStride);
  Four acLow = interleaveLow(a, c), bdLow = interleaveLow(b, d), acHigh = interleaveHigh(a, c), bdHigh = interleaveHigh(b, d);
  store(to, interleaveLow(acLow, bdLow));
  store(to + toStride, interleaveHigh(acLow, bdLow));
  store(to + 2 * toStride, interleaveLow(acHigh, bdHigh));
  store(to + 3 * toStride, interleaveHigh(acHigh, bdHigh));
}

// target[i * toStride + c] = source[i + c * fromStride] for i < is, c < cs, both at most kTile. Whole tiles go through dense copies:
// strides are often powers of two, and then the lines of a strided side would push each other out of the cache.
void transposeTile(const float* source, int64_t fromStride, float* target, int64_t toStride, int64_t is, int64_t cs) {
  if (is < kTile || cs < kTile) {
    for (int64_t i = 0; i < is; ++i)
      for (int64_t c = 0; c < cs; ++c) target[i * toStride + c] = source[i + c * fromStride];
    return;
  }
  alignas(64) float before[kTile * kTile], after[kTile * kTile];
  for (int64_t c = 0; c < kTile; ++c) memcpy(before + c * kTile, source + c * fromStride, kTile * sizeof(float));
  for (int64_t c = 0; c < kTile; c += 4)
    for (int64_t i = 0; i < kTile; i += 4) transposeFour(before + c * kTile + i, kTile, after + i * kTile + c, kTile);
  for (int64_t i = 0; i < kTile; ++i) memcpy(target + i * toStride, after + i * kTile, kTile * sizeof(float));
}

// The last axis is dense in the target and axis `across` dense in the source: tiles of both.
void copyTransposed(const Walk& walk, int across, const float* from, float* to, ThreadPool& pool) {
  int last = walk.rank - 1;
  int64_t outer = 1, width = walk.dims[last], length = walk.dims[across];
  for (int i = 0; i < last; ++i)
    if (i != across) outer *= walk.dims[i];
  int64_t strip = std::max(kTile, kTaskElements / width / kTile * kTile);  // of `across`, for one task
  int64_t strips = (length + strip - 1) / strip;
  pool.parallel(outer * strips, [&](int64_t task, int) {
    Place place(walk, last, across, task / strips, from, to);
    int64_t first = task % strips * strip, end = std::min(length, first + strip);
    for (int64_t i = first; i < end; i += kTile)
      for (int64_t c = 0; c < width; c += kTile)
        transposeTile(place.source + i + c * walk.from[last], walk.from[last], place.target + i * walk.to[across] + c, walk.to[across],
                      std::min(kTile, end - i), std::min(kTile, width - c));
  });
}

}  // namespace

void copyWalk(const Walk& walk, const float* from, float* to, ThreadPool& pool) {
  if (walk.rank == 0) {
    *to = *from;
    return;
  }
  int last = walk.rank - 1;
  if (walk.to[last] == 1 && walk.from[last] != 1)
    for (int axis = 0; axis < last; ++axis)
      if (walk.from[axis] == 1) return copyTransposed(walk, axis, from, to, pool);
  copyRows(walk, from, to, pool);
}

}  // namespace patchbay
