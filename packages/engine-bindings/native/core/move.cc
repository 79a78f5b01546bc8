#include "move.h"

#include <algorithm>
#include <cstring>

#include "error.h"

namespace patchbay {
namespace {

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

int64_t strideOf(const View& view, int axis) {
  if (axis == view.rank - 1) return 1;
  int64_t stride = view.rowStride;
  for (int i = view.rank - 2; i > axis; --i) stride *= view.dims[i];
  return stride;
}

constexpr int64_t kTile = 32;            // a tile of both sides stays in L1
constexpr int64_t kTaskElements = 1 << 14;

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

void copyWalk(const Walk& walk, const float* from, float* to, ThreadPool& pool) {
  int last = walk.rank - 1;
  if (walk.rank > 1 && walk.to[last] == 1 && walk.from[last] != 1)
    for (int axis = 0; axis < last; ++axis)
      if (walk.from[axis] == 1) return copyTransposed(walk, axis, from, to, pool);
  copyRows(walk, from, to, pool);
}

}  // namespace

void concat(const View* x, int count, int axis, const View& out, ThreadPool& pool) {
  int64_t skip = 0;
  for (int i = 0; i < count; ++i) {
    Walk walk;
    for (int at = 0; at < out.rank; ++at) walk.add(x[i].dims[at], strideOf(x[i], at), strideOf(out, at));
    copyWalk(walk, x[i].f32(), out.f32() + skip * strideOf(out, axis), pool);
    skip += x[i].dims[axis];
  }
}

void slice(const View& x, const int32_t* starts, const View& out, ThreadPool& pool) {
  Walk walk;
  const float* from = x.f32();
  for (int axis = 0; axis < x.rank; ++axis) {
    from += starts[axis] * strideOf(x, axis);
    walk.add(out.dims[axis], strideOf(x, axis), strideOf(out, axis));
  }
  copyWalk(walk, from, out.f32(), pool);
}

void permute(const View& x, const int32_t* order, const View& out, ThreadPool& pool) {
  Walk walk;
  for (int axis = 0; axis < out.rank; ++axis) walk.add(out.dims[axis], strideOf(x, order[axis]), strideOf(out, axis));
  copyWalk(walk, x.f32(), out.f32(), pool);
}

void copy(const View& x, const View& out, ThreadPool& pool) {
  // Rows of both sides meet in pieces: from here to the end of whichever row ends first.
  int64_t count = x.count();
  int64_t tasks = (count + kTaskElements - 1) / kTaskElements;
  pool.parallel(tasks, [&](int64_t task, int) {
    int64_t at = task * kTaskElements, end = std::min(count, at + kTaskElements);
    while (at < end) {
      int64_t inRow = at % x.last(), outRow = at % out.last();
      int64_t piece = std::min({end - at, x.last() - inRow, out.last() - outRow});
      memcpy(out.f32() + at / out.last() * out.rowStride + outRow, x.f32() + at / x.last() * x.rowStride + inRow, size_t(piece) * sizeof(float));
      at += piece;
    }
  });
}

void gather(const void* table, DType dtype, int64_t rows, const View& ids, const View& out,
            void (*widen)(const void*, DType, float*, int64_t), ThreadPool& pool) {
  int64_t width = out.last(), count = ids.count();
  auto id = [&](int64_t i) { return static_cast<const int32_t*>(ids.data)[i / ids.last() * ids.rowStride + i % ids.last()]; };
  for (int64_t i = 0; i < count; ++i)
    if (id(i) < 0 || id(i) >= rows) fail("ENGINE_BOUNDS", "could not gather row %d: the table has rows 0..%lld", id(i), (long long)rows - 1);
  pool.parallel(count, [&](int64_t i, int) {
    const uint8_t* row = static_cast<const uint8_t*>(table) + size_t(id(i) * width) * byteSize(dtype);
    widen(row, dtype, out.f32() + i * out.rowStride, width);
  });
}

}  // namespace patchbay
