#include "move.h"

#include "walk.h"

namespace patchbay {

void slice(const View& x, const int32_t* starts, const View& out, ThreadPool& pool) {
  Walk walk;
  const float* from = x.f32();
  for (int axis = 0; axis < x.rank; ++axis) {
    from += starts[axis] * strideOf(x, axis);
    walk.add(out.dims[axis], strideOf(x, axis), strideOf(out, axis));
  }
  copyWalk(walk, from, out.f32(), pool);
}

}  // namespace patchbay
