// The micro-kernels under every matrix product, and the epilogue.
#include "gemm.h"

#include "vectorMath.h"

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

template <Activation activation>
void applyAs(const Epilogue& e, const float* c, int64_t row, int rows, int64_t column) {
  int64_t sample = e.sampleAdd ? row / e.rowsPerSample : 0;
  int64_t nextSample = e.sampleAdd ? (sample + 1) * e.rowsPerSample : INT64_MAX;
  int columns = int(minOf(kPanel, e.columns - column));
  for (int r = 0; r < rows; ++r, ++row) {
    if (row == nextSample) ++sample, nextSample += e.rowsPerSample;
    for (int first = 0; first < columns; first += kLanes) {
      int width = int(minOf(kLanes, columns - first));
      int64_t at = column + first;
      auto get = [&](const float* p) { return width == kLanes ? load(p) : loadPart(p, width); };
      Vec v = load(c + r * kPanel + first);
      if (e.bias) v += get(e.bias + at);
      if (e.sampleAdd) v += get(e.sampleAdd + sample * e.sampleStride + at);
      v = activate<activation>(v);
      if (e.residual) v += get(e.residual + row * e.residualStride + at);
      float* out = e.out + row * e.outStride + at;
      if (width == kLanes) store(out, v);
      else storePart(out, v, width);
    }
  }
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
  if (weight.dtype == DType::f32) return static_cast<const float*>(source);
  int64_t count = (k1 - k0) * kPanel;
  if (weight.dtype == DType::f16)
    for (int64_t i = 0; i < count; i += kLanes) store(buffer + i, loadAs<DType::f16>(source, i));
  else
    for (int64_t i = 0; i < count; i += kLanes) store(buffer + i, loadAs<DType::bf16>(source, i));
  return buffer;
}

void Epilogue::apply(const float* c, int64_t row, int rows, int64_t column) const {
  switch (activation) {
    case Activation::none: return applyAs<Activation::none>(*this, c, row, rows, column);
    case Activation::silu: return applyAs<Activation::silu>(*this, c, row, rows, column);
    case Activation::gelu: return applyAs<Activation::gelu>(*this, c, row, rows, column);
    case Activation::quickGelu: return applyAs<Activation::quickGelu>(*this, c, row, rows, column);
  }
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
