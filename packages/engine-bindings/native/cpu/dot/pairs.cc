// The micro-kernel of bf16 pairs, and packing of both sides.
#include "pairs.h"

#include "../weightBlock.h"
#include "products.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

template <int R, int V>
void tile(const float* a, int64_t aStride, const float* b, int64_t k, float* c, bool accumulate) {
  __m512 sum[R][V] = {};
  for (int64_t i = 0; i < k; ++i) {
    __m512bh column[V];
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) column[v] = (__m512bh)load(b + i * kPanel + v * kLanes);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      __m512bh x = (__m512bh)splat(a[i * aStride + r]);
#pragma GCC unroll 2
      for (int v = 0; v < V; ++v) sum[r][v] = _mm512_dpbf16_ps(sum[r][v], x, column[v]);
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) {
      float* at = c + r * kPanel + v * kLanes;
      store(at, accumulate ? load(at) + (Vec)sum[r][v] : (Vec)sum[r][v]);
    }
}

using TileFn = void (*)(const float* a, int64_t aStride, const float* b, int64_t k, float* c, bool accumulate);

template <int R>
TileFn pick(int rows, int vectors) {
  if constexpr (R > 1)
    if (rows < R) return pick<R - 1>(rows, vectors);
  return vectors == 1 ? tile<R, 1> : tile<R, 2>;
}

}  // namespace

void multiplyPairs(int rows, int vectors, const float* a, int64_t aStride, const float* b, int64_t k, float* c, bool accumulate) {
  pick<kTileRows>(rows, vectors)(a, aStride, b, k, c, accumulate);
}

void packScaledPairs(float* destination, int64_t stride, const float* const* rows, const int64_t* masks, int count, int64_t length,
                     float factor) {
  const Vec scale = splat(factor);
  for (int r0 = 0; r0 < count; r0 += kLanes) {
    int lanes = int(minOf(kLanes, count - r0));
    float* to = destination + r0;
    for (int64_t k = 0; k < length; k += 2 * kLanes, to += kLanes * stride) {
      int low = int(minOf(kLanes, length - k)), high = int(minOf(kLanes, maxOf(0, length - k - kLanes)));
      Vec v[kLanes];
      for (int r = 0; r < kLanes; ++r) {
        if (r >= lanes) {
          v[r] = Vec{};
          continue;
        }
        const float* from = rows[r0 + r];
        const int64_t mask = masks[r0 + r];
        Vec a = low == kLanes ? load(from + (k & mask)) : loadPart(from + (k & mask), low);
        Vec b = high == kLanes ? load(from + ((k + kLanes) & mask)) : high ? loadPart(from + ((k + kLanes) & mask), high) : Vec{};
        v[r] = (Vec)_mm512_cvtne2ps_pbh((__m512)(b * scale), (__m512)(a * scale));
      }
      transpose(v);
      int pairs = int(minOf(kLanes, ceilDiv(length - k, 2)));
      for (int i = 0; i < pairs; ++i) store(to + i * stride, v[i]);
    }
  }
}

size_t packedPairsBytes(int64_t n, int64_t k, DType) { return size_t(roundUp(n, kPanel)) * size_t(k) * 2; }

void packWeightPairs(const MatrixSource& source, void* destination, ThreadPool& pool) {
  const int64_t pairs = source.taps * source.channels / 2;
  parallel(pool, ceilDiv(source.n, kPanel), [&](int64_t panel, int) {
    float* to = static_cast<float*>(destination) + panel * pairs * kPanel;
    forEachBlock(source, [&](int64_t block) {
      Vec wide[kByteBlock][2];
      readWeights(source, panel, block * kByteBlock, wide);
      const int64_t first = block * kByteBlock / 2;
      for (int64_t i = 0; i < minOf(kByteBlock / 2, pairs - first); ++i)
        for (int v = 0; v < 2; ++v) store(to + (first + i) * kPanel + v * kLanes, joinPairs(wide[2 * i][v], wide[2 * i + 1][v]));
    });
  });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
