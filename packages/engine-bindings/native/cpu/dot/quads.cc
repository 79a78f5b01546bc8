// Weights in bytes times rows that are quantised to bytes while they are packed (vpdpbusd): four values of k at once, whole numbers within
// a block of kByteBlock values, fp32 from block to block.
//
// vpdpbusd wants one side unsigned: the weights carry +128, which the sum of the row's values takes back.
#include "../gemm.h"
#include "../quantise.h"
#include "products.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

constexpr int64_t kQuads = kByteBlock / 4;
constexpr int64_t kBlockFloats = kQuads * kPanel + kPanel;  // of a panel: quads, then scales
// Of a packed tile of rows: [kQuads] quads, scales, and what each sum begins with; kTileStride of each.
constexpr int64_t kStep = (kQuads + 2) * kTileStride;

// The whole numbers of one block, [R][kPanel]. Apart from what follows, so that all sums stay in registers.
template <int R, int V>
PATCHBAY_INLINE void sumBlock(const float* a, const float* b, float* out) {
  IVec sum[R][V] = {};
  for (int64_t i = 0; i < kQuads; ++i) {
    IVec column[V];
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) column[v] = asInt(load(b + i * kPanel + v * kLanes));
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      IVec x = asInt(splat(a[i * kTileStride + r]));
#pragma GCC unroll 2
      for (int v = 0; v < V; ++v) sum[r][v] = (IVec)_mm512_dpbusd_epi32((__m512i)sum[r][v], (__m512i)column[v], (__m512i)x);
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) store(out + r * kPanel + v * kLanes, asFloat(sum[r][v]));
}

template <int R, int V>
void tile(const float* a, const float* b, int64_t blocks, float* c, bool accumulate) {
  alignas(64) float sums[R * kPanel];
  for (int64_t block = 0; block < blocks; ++block, a += kStep, b += kBlockFloats, accumulate = true) {
    sumBlock<R, V>(a, b, sums);
    const float* scales = a + kQuads * kTileStride;
    const float* starts = scales + kTileStride;
    for (int v = 0; v < V; ++v) {
      const Vec weightScale = load(b + kQuads * kPanel + v * kLanes);
      for (int r = 0; r < R; ++r) {
        float* at = c + r * kPanel + v * kLanes;
        IVec whole = asInt(load(sums + r * kPanel + v * kLanes)) + asInt(splat(starts[r]));
        Vec value = (Vec)_mm512_cvtepi32_ps((__m512i)whole) * (weightScale * scales[r]);
        store(at, accumulate ? load(at) + value : value);
      }
    }
  }
}

using TileFn = void (*)(const float* a, const float* b, int64_t blocks, float* c, bool accumulate);

template <int R>
TileFn pick(int rows, int vectors) {
  if constexpr (R > 1)
    if (rows < R) return pick<R - 1>(rows, vectors);
  return vectors == 1 ? tile<R, 1> : tile<R, 2>;
}

struct QuadPanels {
  static constexpr bool kDirect = false;
  static constexpr int64_t kStepFloats = kStep;
  static constexpr int64_t kDeepest = kGemmDepth;  // a step is a block of bytes
  PackedMatrix weight;
  int64_t blocks() const { return ceilDiv(weight.k, kByteBlock); }
  static void multiply(int rows, int vectors, const float* a, const float* b, int64_t k, float* c, bool accumulate) {
    pick<kTileRows>(rows, vectors)(a, b, k, c, accumulate);
  }
  const float* panel(int64_t panel, int64_t k0, int64_t, float*) const {
    return static_cast<const float*>(weight.data) + (panel * blocks() + k0) * kBlockFloats;
  }
};

// One block of a row in signed bytes, its scale, and -128 times the sum of its bytes.
__m512i quantiseRow(const float* from, int64_t count, float* scale, int32_t* start) {
  Vec x[4], most = {};
  for (int i = 0; i < 4; ++i) {
    int64_t left = count - i * kLanes;
    x[i] = left >= kLanes ? load(from + i * kLanes) : left > 0 ? loadPart(from + i * kLanes, int(left)) : Vec{};
    most = maxNan(most, asFloat(asInt(x[i]) & 0x7fffffff));
  }
  float largest = _mm512_reduce_max_ps((__m512)most);
  *scale = largest * (1 / 127.0f);
  Vec inverse = splat(largest > 0 ? 127.0f / largest : 0.0f);
  __m512i bytes = _mm512_castsi128_si512(_mm512_cvtepi32_epi8((__m512i)roundToInt(x[0] * inverse)));
  bytes = _mm512_inserti32x4(bytes, _mm512_cvtepi32_epi8((__m512i)roundToInt(x[1] * inverse)), 1);
  bytes = _mm512_inserti32x4(bytes, _mm512_cvtepi32_epi8((__m512i)roundToInt(x[2] * inverse)), 2);
  bytes = _mm512_inserti32x4(bytes, _mm512_cvtepi32_epi8((__m512i)roundToInt(x[3] * inverse)), 3);
  *start = -128 * _mm512_reduce_add_epi32(_mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_set1_epi8(1), bytes));
  return bytes;
}

struct QuadRows {
  const float* data;
  int64_t stride, width;
  void pack(float* destination, int64_t row, int count, int64_t k0, int64_t k1) const {
    for (int64_t block = k0; block < k1; ++block, destination += kStep) {
      alignas(64) float scales[kTileStride] = {};
      alignas(64) int32_t starts[kTileStride] = {};
      Vec v[kLanes] = {};
      for (int r = 0; r < count; ++r)
        v[r] = (Vec)quantiseRow(data + (row + r) * stride + block * kByteBlock, width - block * kByteBlock, &scales[r], &starts[r]);
      transpose(v);
      for (int i = 0; i < kLanes; ++i) store(destination + i * kTileStride, v[i]);
      store(destination + kQuads * kTileStride, load(scales));
      __builtin_memcpy(destination + (kQuads + 1) * kTileStride, starts, sizeof starts);
    }
  }
};
static_assert(kTileStride == kLanes && kQuads == kLanes, "one transpose turns a block");

}  // namespace

size_t packedQuadsBytes(int64_t n, int64_t k, DType) {
  return size_t(ceilDiv(n, kPanel) * ceilDiv(k, kByteBlock) * kBlockFloats) * sizeof(float);
}

void packWeightQuads(const MatrixSource& source, void* destination, ThreadPool& pool) {
  const int64_t blocks = ceilDiv(source.taps * source.channels, kByteBlock);
  parallel(pool, ceilDiv(source.n, kPanel), [&](int64_t panel, int) {
    quantisePanel(source, panel, [&](int64_t block, const QuantisedBlock& q) {
      float* to = static_cast<float*>(destination) + (panel * blocks + block) * kBlockFloats;
      for (int v = 0; v < 2; ++v) {
        for (int64_t i = 0; i < kQuads; ++i) {
          IVec quad = {};
          for (int j = 0; j < 4; ++j) quad |= (q.values[4 * i + j][v] + 128) << (8 * j);
          store(to + i * kPanel + v * kLanes, asFloat(quad));
        }
        store(to + kQuads * kPanel + v * kLanes, q.scale[v]);
      }
    });
  });
}

size_t linearQuadsScratch(const LinearArgs& args) {
  return size_t(gemmScratchFloats<QuadPanels>(args.x.rows(), args.weight.n, ceilDiv(args.weight.k, kByteBlock), false, args.gated)) * sizeof(float);
}

void linearQuads(const LinearArgs& args, Scratch scratch, ThreadPool& pool) {
  const int64_t m = args.x.rows();
  if (m == 0 || args.weight.n == 0) return;
  const GemmPlan plan = planGemm<QuadPanels>(m, args.weight.n, ceilDiv(args.weight.k, kByteBlock), pool.threads(), args.gated);
  gemm(plan, QuadRows{args.x.f32(), args.x.rowStride, args.weight.k}, QuadPanels{args.weight}, Epilogue(args), scratch, pool);
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
