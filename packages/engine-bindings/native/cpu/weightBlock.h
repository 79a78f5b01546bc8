// Weights from their file layout, kByteBlock values of each column of a panel at a time, in fp32.
#pragma once
#include "parallel.h"

namespace patchbay {
namespace PATCHBAY_ISA {

// Sources may be unaligned: they lie in mapped files.
template <class T>
PATCHBAY_INLINE T get(const char* base, int64_t index) {
  T v;
  __builtin_memcpy(&v, base + index * int64_t(sizeof(T)), sizeof v);
  return v;
}

// The first column of a panel; the others follow it.
PATCHBAY_INLINE int64_t firstColumn(const MatrixSource& s, int64_t panel) {
  return s.gated ? panel % 2 * (s.n / 2) + panel / 2 * kPanel : panel * kPanel;
}

template <class T, DType dtype>
void readWeightsAs(const MatrixSource& s, int64_t panel, int64_t k0, Vec (&out)[kByteBlock][2]) {
  const char* base = static_cast<const char*>(s.data);
  const int64_t first = firstColumn(s, panel), columns = minOf(kPanel, s.n - first), count = minOf(kByteBlock, s.taps * s.channels - k0);
  alignas(64) T raw[kByteBlock * kPanel] = {};
  for (int64_t i = 0; i < count; ++i) {
    int64_t from = first * s.strideN + (k0 + i) / s.channels * s.strideTap + (k0 + i) % s.channels * s.strideC;
    for (int64_t n = 0; n < columns; ++n) raw[i * kPanel + n] = get<T>(base, from + n * s.strideN);
  }
  for (int64_t i = 0; i < kByteBlock; ++i)
    for (int v = 0; v < 2; ++v) out[i][v] = loadAs<dtype>(raw, i * kPanel + v * kLanes);
}

// Values k0.. of a panel's columns; beyond the end of the matrix 0.
inline void readWeights(const MatrixSource& s, int64_t panel, int64_t k0, Vec (&out)[kByteBlock][2]) {
  if (s.dtype == DType::f16) readWeightsAs<uint16_t, DType::f16>(s, panel, k0, out);
  else if (s.dtype == DType::bf16) readWeightsAs<uint16_t, DType::bf16>(s, panel, k0, out);
  else readWeightsAs<float, DType::f32>(s, panel, k0, out);
}

// body(block) for every block of k.
template <class Body>
void forEachBlock(const MatrixSource& s, const Body& body) {
  const int64_t blocks = ceilDiv(s.taps * s.channels, kByteBlock);
  // All taps of the same channels one after another where blocks keep to one tap: their values lie beside each other in the file.
  const bool tapsTogether = s.channels % kByteBlock == 0;
  for (int64_t i = 0; i < blocks; ++i) body(tapsTogether ? i % s.taps * (s.channels / kByteBlock) + i / s.taps : i);
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
