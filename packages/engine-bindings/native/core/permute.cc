#include "move.h"

#include "walk.h"

namespace patchbay {

void permute(const View& x, const int32_t* order, const View& out, ThreadPool& pool) {
  Walk walk;
  for (int axis = 0; axis < out.rank; ++axis) walk.add(out.dims[axis], strideOf(x, order[axis]), strideOf(out, axis));
  copyWalk(walk, x.f32(), out.f32(), pool);
}

}  // namespace patchbay
