// Layer normalisation over the last dimension; two passes, so that a large mean costs no precision.
#include "elementwise.h"
#include "kernels.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

// Sum of f(v) over a row, on four accumulators.
template <class F>
PATCHBAY_INLINE float sumRow(const float* x, int64_t width, const F& f) {
  Vec a = {}, b = {}, c = {}, d = {};
  int64_t i = 0;
  for (; i + 4 * kLanes <= width; i += 4 * kLanes) {
    a += f(load(x + i));
    b += f(load(x + i + kLanes));
    c += f(load(x + i + 2 * kLanes));
    d += f(load(x + i + 3 * kLanes));
  }
  for (; i + kLanes <= width; i += kLanes) a += f(load(x + i));
  float rest = 0;
  for (; i < width; ++i) rest += f(splat(x[i]))[0];
  return sumLanes((a + b) + (c + d)) + rest;
}

}  // namespace

void layerNorm(const LayerNormArgs& args, ThreadPool& pool) {
  int64_t width = args.x.last();
  const float *gamma = args.gamma, *beta = args.beta;
  float eps = args.eps;
  mapRows(args.x, args.out, pool, [=](const float* x, float* out) {
    float mean = sumRow(x, width, [](Vec v) { return v; }) / float(width);
    float variance = sumRow(x, width, [=](Vec v) { return (v - mean) * (v - mean); }) / float(width);
    float factor = 1.0f / __builtin_sqrtf(variance + eps);
    auto one = [&](Vec v, auto get) {
      v = (v - mean) * factor;
      if (gamma) v *= get(gamma);
      if (beta) v += get(beta);
      return v;
    };
    int64_t c = 0;
    for (; c + kLanes <= width; c += kLanes) store(out + c, one(load(x + c), [&](const float* p) { return load(p + c); }));
    if (c < width) {
      int rest = int(width - c);
      storePart(out + c, one(loadPart(x + c, rest), [&](const float* p) { return loadPart(p + c, rest); }), rest);
    }
  });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
