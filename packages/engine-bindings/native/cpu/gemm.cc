// The micro-kernels under every matrix product.
#include "gemm.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

template <int R, int V, DType dtype>
void tile(const float* a, int64_t aStride, const void* b, int64_t k, float* c, bool accumulate) {
  Vec sum[R][V] = {};
  for (int64_t i = 0; i < k; ++i) {
    Vec column[V];
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) column[v] = loadAs<dtype>(b, i * kPanel + v * kLanes);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      Vec x = splat(a[i * aStride + r]);
#pragma GCC unroll 2
      for (int v = 0; v < V; ++v) sum[r][v] += x * column[v];
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) {
      float* at = c + r * kPanel + v * kLanes;
      store(at, accumulate ? load(at) + sum[r][v] : sum[r][v]);
    }
}

using TileFn = void (*)(const float* a, int64_t aStride, const void* b, int64_t k, float* c, bool accumulate);

template <int R, DType dtype>
TileFn pick(int rows, int vectors) {
  if constexpr (R > 1)
    if (rows < R) return pick<R - 1, dtype>(rows, vectors);
  return vectors == 1 ? tile<R, 1, dtype> : tile<R, 2, dtype>;
}

}  // namespace

void multiplyTile(int rows, int vectors, const float* a, int64_t aStride, const float* b, int64_t k, float* c, bool accumulate) {
  pick<kTileRows, DType::f32>(rows, vectors)(a, aStride, b, k, c, accumulate);
}

void multiplyDirect(int rows, int vectors, const float* a, int64_t aStride, const void* b, DType dtype, int64_t k, float* c,
                    bool accumulate) {
  TileFn run = dtype == DType::f16    ? pick<kDirectRows, DType::f16>(rows, vectors)
               : dtype == DType::bf16 ? pick<kDirectRows, DType::bf16>(rows, vectors)
                                      : pick<kDirectRows, DType::f32>(rows, vectors);
  run(a, aStride, b, k, c, accumulate);
}

void packRows(float* destination, int64_t stride, const float* const* rows, const int64_t* masks, int count, int64_t length) {
  for (int r0 = 0; r0 < count; r0 += kLanes) {
    int lanes = int(minOf(kLanes, count - r0));
    float* to = destination + r0;
    for (int64_t k = 0; k < length; k += kLanes, to += kLanes * stride) {
      int depth = int(minOf(kLanes, length - k));
      Vec v[kLanes];
      if (depth == kLanes) {
        for (int r = 0; r < kLanes; ++r) v[r] = r < lanes ? load(rows[r0 + r] + (k & masks[r0 + r])) : Vec{};
        transpose(v);
        for (int i = 0; i < kLanes; ++i) store(to + i * stride, v[i]);
      } else {
        for (int r = 0; r < kLanes; ++r) v[r] = r < lanes ? loadPart(rows[r0 + r] + (k & masks[r0 + r]), depth) : Vec{};
        transpose(v);
        for (int i = 0; i < depth; ++i) store(to + i * stride, v[i]);
      }
    }
  }
}

const float* PackedPanels::panel(int64_t panel, int64_t k0, int64_t k1, float* buffer) const {
  const void* source = at(panel, k0);
  if (bytes()) {
    const float* scale = scales(panel);
    for (int64_t k = k0; k < k1; ++k)
      for (int v = 0; v < kPanel; v += kLanes)
        store(buffer + (k - k0) * kPanel + v, widenBytes(at(panel, k), v) * load(scale + k / kByteBlock * kPanel + v));
    return buffer;
  }
  if (weight.dtype == DType::f32) return static_cast<const float*>(source);
  int64_t count = (k1 - k0) * kPanel;
  if (weight.dtype == DType::f16)
    for (int64_t i = 0; i < count; i += kLanes) store(buffer + i, loadAs<DType::f16>(source, i));
  else
    for (int64_t i = 0; i < count; i += kLanes) store(buffer + i, loadAs<DType::bf16>(source, i));
  return buffer;
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
