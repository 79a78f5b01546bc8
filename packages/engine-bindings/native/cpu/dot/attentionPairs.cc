// attention.cc with products of bf16. Sums and softmax are fp32; the exponential is good to 1e-4, a twentieth of the rounding of its
// result to bf16.
#include "../attention.h"

#include "pairs.h"
#include "products.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

// 2^x for x <= 0; 0 for the very small. NaN stays NaN. The polynomial is a minimax fit of 2^f on [-1/2, 1/2] (7.5e-5).
PATCHBAY_INLINE Vec exp2Rough(Vec x) {
  __m512 n = _mm512_roundscale_ps((__m512)x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  Vec f = x - (Vec)n;
  Vec p = splat(0.0551716691f);
  p = p * f + 0.242611122f;
  p = p * f + 0.693260985f;
  p = p * f + 0.999928074f;
  return (Vec)_mm512_scalef_ps((__m512)p, n);
}

struct PairProducts {
  static constexpr int64_t kUnit = 2;

  static void packTurned(float* destination, int64_t stride, const float* const* rows, const int64_t* masks, int count, int64_t dim,
                         float factor) {
    packScaledPairs(destination, stride, rows, masks, count, dim, factor);
  }
  // A last row without another is paired with 0.
  static void packValues(const float* v, int64_t stride, int64_t keys, int64_t dim, float* values, int64_t paddedDim) {
    for (int64_t j = 0; j < keys; j += 2, v += 2 * stride, values += paddedDim)
      for (int64_t d = 0; d < dim; d += kLanes) {
        int width = int(minOf(kLanes, dim - d));
        store(values + d, joinPairs(loadPart(v + d, width), j + 1 < keys ? loadPart(v + stride + d, width) : Vec{}));
      }
  }
  static void multiply(int rows, int vectors, const float* a, int64_t aStride, const float* b, int64_t steps, float* c, bool accumulate) {
    multiplyPairs(rows, vectors, a, aStride, b, steps, c, accumulate);
  }
  // Pair i of keys goes where row i of the scores was: behind what is still to be read.
  static void soften(float* scores, int64_t keys, int vectors, float* highest, float* sum, float* out, int64_t dim, bool first) {
    for (int v = 0; v < vectors; ++v, scores += kLanes, highest += kLanes, sum += kLanes, out += kLanes) {
      Vec top = highestScore(scores, keys);
      if (!first) top = maxFast(top, load(highest));
      Vec even = {}, odd = {};
      for (int64_t j = 0; j < keys; j += 2) {
        Vec low = exp2Rough(load(scores + j * kPanel) - top);
        Vec high = j + 1 < keys ? exp2Rough(load(scores + (j + 1) * kPanel) - top) : Vec{};
        even += low, odd += high;
        store(scores + j / 2 * kPanel, joinPairs(low, high));
      }
      Vec total = even + odd;
      if (!first) total += shrinkEarlier(exp2Rough(load(highest) - top), load(sum), out, dim);
      store(highest, top);
      store(sum, total);
    }
  }
};

}  // namespace

size_t attentionPairsScratch(const AttentionArgs& args) { return attentionScratchBytes<PairProducts>(args); }

void attentionPairs(const AttentionArgs& args, Scratch scratch, ThreadPool& pool) { runAttention<PairProducts>(args, scratch, pool); }

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
