#include "move.h"

#include "walk.h"

namespace patchbay {

void concat(const View* x, int count, int axis, const View& out, ThreadPool& pool) {
  int64_t skip = 0;
  for (int i = 0; i < count; ++i) {
    Walk walk;
    for (int at = 0; at < out.rank; ++at) walk.add(x[i].dims[at], strideOf(x[i], at), strideOf(out, at));
    copyWalk(walk, x[i].f32(), out.f32() + skip * strideOf(out, axis), pool);
    skip += x[i].dims[axis];
  }
}

}  // namespace patchbay
