#include "move.h"

#include <algorithm>
#include <cstring>

#include "walk.h"

namespace patchbay {

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

}  // namespace patchbay
