// Layer normalisation over the last dimension. What the first mean lacks comes from the second pass (the corrected two-pass algorithm of Chan,
// Golub and LeVeque, 1983), so that a mean that is large beside the deviations costs no precision.
#include "elementwise.h"
#include "kernels.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

struct Sums {
  float deviations, squares;
};

// Of x - centre and of its square.
Sums sumRow(const float* x, int64_t width, float centre) {
  Vec sum[2] = {}, squares[2] = {};
  int64_t i = 0;
  for (; i + 2 * kLanes <= width; i += 2 * kLanes)
    for (int j = 0; j < 2; ++j) {
      Vec v = load(x + i + j * kLanes) - centre;
      sum[j] += v, squares[j] += v * v;
    }
  for (; i + kLanes <= width; i += kLanes) {
    Vec v = load(x + i) - centre;
    sum[0] += v, squares[0] += v * v;
  }
  float restSum = 0, restSquares = 0;
  for (; i < width; ++i) {
    float v = x[i] - centre;
    restSum += v, restSquares += v * v;
  }
  return {sumLanes(sum[0] + sum[1]) + restSum, sumLanes(squares[0] + squares[1]) + restSquares};
}

}  // namespace

void layerNorm(const LayerNormArgs& args, ThreadPool& pool) {
  int64_t width = args.x.last();
  const float *gamma = args.gamma, *beta = args.beta;
  float eps = args.eps;
  mapRows(args.x, args.out, pool, [=](const float* x, float* out) {
    const float mean = sumRow(x, width, 0).deviations / float(width);
    const Sums sums = sumRow(x, width, mean);
    const float rest = sums.deviations / float(width), variance = sums.squares / float(width) - rest * rest;
    const float factor = 1.0f / __builtin_sqrtf((variance < 0 ? 0 : variance) + eps);
    auto one = [&](Vec v, auto get) {
      v = ((v - mean) - rest) * factor;
      if (gamma) v *= get(gamma);
      if (beta) v += get(beta);
      return v;
    };
    int64_t c = 0;
    for (; c + kLanes <= width; c += kLanes) store(out + c, one(load(x + c), [&](const float* p) { return load(p + c); }));
    if (c < width) {
      int left = int(width - c);
      storePart(out + c, one(loadPart(x + c, left), [&](const float* p) { return loadPart(p + c, left); }), left);
    }
  });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
