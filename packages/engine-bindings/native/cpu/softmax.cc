// exp(x - max) / sum over the last dimension.
#include "elementwise.h"
#include "kernels.h"
#include "vectorMath.h"

namespace patchbay {
namespace PATCHBAY_ISA {

void softmax(const SoftmaxArgs& args, ThreadPool& pool) {
  int64_t width = args.x.last();
  if (width == 0) return;
  mapRows(args.x, args.out, pool, [=](const float* x, float* out) {
    Vec highest = splat(-__builtin_inff());
    int64_t c = 0;
    for (; c + kLanes <= width; c += kLanes) highest = maxFast(highest, load(x + c));
    float top = highest[0];
    for (int i = 1; i < kLanes; ++i) top = highest[i] > top ? highest[i] : top;
    for (; c < width; ++c) top = x[c] > top ? x[c] : top;
    Vec sum = {};
    for (c = 0; c + kLanes <= width; c += kLanes) {
      Vec e = expFull(load(x + c) - top);
      store(out + c, e);
      sum += e;
    }
    float rest = 0;
    if (c < width) {
      int count = int(width - c);
      Vec e = expFull(loadPart(x + c, count) - top);
      storePart(out + c, e, count);
      for (int i = 0; i < count; ++i) rest += e[i];
    }
    float inverse = 1.0f / (sumLanes(sum) + rest);
    mapRow(out, out, width, [=](Vec v) { return v * inverse; });
  });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
