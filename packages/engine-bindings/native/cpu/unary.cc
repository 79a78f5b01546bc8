// Functions of one operand; the order is UNARY_FUNCTIONS in src/opTable.ts.
#include "elementwise.h"
#include "kernels.h"
#include "vectorMath.h"

namespace patchbay {
namespace PATCHBAY_ISA {

void unary(const UnaryArgs& args, ThreadPool& pool) {
  auto map = [&](auto f) { mapElements(args.x, args.out, pool, f); };
  switch (args.function) {
    case 0: return map([](Vec x) { return silu(x); });
    case 1: return map([](Vec x) { return gelu(x); });
    case 2: return map([](Vec x) { return quickGelu(x); });
    case 3: return map([](Vec x) { return sigmoid(x); });
    case 4: return map([](Vec x) { return tanhFull(x); });
    case 5: return map([](Vec x) { return expFull(x); });
    case 6: return map([](Vec x) { return logFull(x); });
    case 7: return map([](Vec x) { return squareRoot(x); });
    case 8: return map([](Vec x) { return 1.0f / x; });
    case 9: return map([](Vec x) { return -x; });
    case 10: return map([](Vec x) { return asFloat(asInt(x) & 0x7fffffff); });
    case 11: return map([](Vec x) { return x * x; });
    case 12: return map([](Vec x) { return select((x > Vec{}) | (x != x), x, Vec{}); });
  }
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
