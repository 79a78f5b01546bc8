// x[rows, 2C] -> x[:, :C] * gelu(x[:, C:]).
#include "elementwise.h"
#include "kernels.h"
#include "vectorMath.h"

namespace patchbay {
namespace PATCHBAY_ISA {

void geglu(const GegluArgs& args, ThreadPool& pool) {
  int64_t width = args.out.last();
  mapRows(args.x, args.out, pool, [=](const float* x, float* out) {
    int64_t c = 0;
    for (; c + kLanes <= width; c += kLanes) store(out + c, load(x + c) * gelu(load(x + width + c)));
    if (c < width) {
      int rest = int(width - c);
      storePart(out + c, loadPart(x + c, rest) * gelu(loadPart(x + width + c, rest)), rest);
    }
  });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
