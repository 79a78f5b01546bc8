// Sum, mean, maximum or minimum over the last dimension, which becomes 1; the order is REDUCE_FUNCTIONS in src/opTable.ts.
#include "elementwise.h"
#include "kernels.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

// In blocks, so that long rows lose no precision.
double sumRow(const float* x, int64_t width) {
  double total = 0;
  for (int64_t first = 0; first < width; first += 4096) {
    int64_t i = first, end = minOf(width, first + 4096);
    Vec sum = {};
    for (; i + kLanes <= end; i += kLanes) sum += load(x + i);
    if (i < end) sum += loadPart(x + i, int(end - i));
    total += sumLanes(sum);
  }
  return total;
}

template <class F>
PATCHBAY_INLINE float foldRow(const float* x, int64_t width, const F& f) {
  Vec best = splat(x[0]);
  int64_t i = 0;
  for (; i + kLanes <= width; i += kLanes) best = f(best, load(x + i));
  for (; i < width; ++i) best = f(best, splat(x[i]));
  for (int l = 1; l < kLanes; ++l) best = f(best, splat(best[l]));
  return best[0];
}

}  // namespace

void reduce(const ReduceArgs& args, ThreadPool& pool) {
  int64_t width = args.x.last();
  auto map = [&](auto f) { mapRows(args.x, args.out, pool, [=](const float* x, float* out) { *out = f(x); }); };
  switch (args.function) {
    case 0: return map([=](const float* x) { return float(sumRow(x, width)); });
    case 1: return map([=](const float* x) { return float(sumRow(x, width) / double(width)); });
    case 2: return map([=](const float* x) { return foldRow(x, width, [](Vec a, Vec b) { return maxNan(a, b); }); });
    case 3: return map([=](const float* x) { return foldRow(x, width, [](Vec a, Vec b) { return minNan(a, b); }); });
  }
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
