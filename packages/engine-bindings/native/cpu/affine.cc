// out = x * scale + shift.
#include "elementwise.h"
#include "kernels.h"

namespace patchbay {
namespace PATCHBAY_ISA {

void affine(const AffineArgs& args, ThreadPool& pool) {
  float scale = args.scale, shift = args.shift;
  mapElements(args.x, args.out, pool, [=](Vec x) { return x * scale + shift; });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
