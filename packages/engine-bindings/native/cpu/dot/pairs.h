// Products of bf16 with sums in fp32 (vdpbf16ps): two values of k beside each other make one step.
#pragma once
#include "../gemm.h"

namespace patchbay {
namespace PATCHBAY_ISA {

// 32 bits a lane: low[lane] in the lower half, high[lane] in the upper, rounded to the nearest bf16.
PATCHBAY_INLINE Vec joinPairs(Vec low, Vec high) {
  const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4, 19, 3,
                                         18, 2, 17, 1, 16, 0);
  return (Vec)_mm512_permutexvar_epi16(order, (__m512i)_mm512_cvtne2ps_pbh((__m512)high, (__m512)low));
}

// c[rows, kPanel] (+)= a * b over k pairs. a: pair (i, r) at a[i * aStride + r]. b: k rows of kPanel pairs.
void multiplyPairs(int rows, int vectors, const float* a, int64_t aStride, const float* b, int64_t k, float* c, bool accumulate);
// destination[i * stride + r] = the pair factor * rows[r][2i & masks[r]] and its neighbour, for r < count and 2i < length; an odd length
// ends with 0, and the other lanes up to the next vector are 0.
void packScaledPairs(float* destination, int64_t stride, const float* const* rows, const int64_t* masks, int count, int64_t length,
                     float factor);
// The same for `pairs` pairs as they are.
inline void packPairs(float* destination, int64_t stride, const float* const* rows, const int64_t* masks, int count, int64_t pairs) {
  packScaledPairs(destination, stride, rows, masks, count, 2 * pairs, 1.0f);
}

// Panels of a weight matrix in WeightFormat::pairs.
struct PairPanels {
  static constexpr bool kDirect = false;
  static constexpr int64_t kStepFloats = kTileStride;
  static constexpr int64_t kDeepest = kGemmDepth;
  PackedMatrix weight;
  static void multiply(int rows, int vectors, const float* a, const float* b, int64_t k, float* c, bool accumulate) {
    multiplyPairs(rows, vectors, a, kTileStride, b, k, c, accumulate);
  }
  const float* panel(int64_t panel, int64_t k0, int64_t, float*) const {
    return static_cast<const float*>(weight.data) + (panel * (weight.k / 2) + k0) * kPanel;
  }
};

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
