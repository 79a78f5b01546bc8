// out = min(max(x, low), high); NaN stays NaN.
#include "elementwise.h"
#include "kernels.h"

namespace patchbay {
namespace PATCHBAY_ISA {

void clamp(const ClampArgs& args, ThreadPool& pool) {
  float low = args.low, high = args.high;
  // The operand order keeps a NaN of x.
  mapElements(args.x, args.out, pool, [=](Vec x) { return minFast(splat(high), maxFast(splat(low), x)); });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
