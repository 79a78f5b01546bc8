// From sums to results: bias, time embedding, activation and residual while the sums lie in the first-level cache.
#include "epilogue.h"

#include "vectorMath.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

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

void Epilogue::apply(const float* c, int64_t row, int rows, int64_t column) const {
  switch (activation) {
    case Activation::none: return applyAs<Activation::none>(*this, c, row, rows, column);
    case Activation::silu: return applyAs<Activation::silu>(*this, c, row, rows, column);
    case Activation::gelu: return applyAs<Activation::gelu>(*this, c, row, rows, column);
    case Activation::quickGelu: return applyAs<Activation::quickGelu>(*this, c, row, rows, column);
  }
}

void Epilogue::applyGated(const float* values, const float* gates, int64_t row, int rows, int64_t column) const {
  for (int64_t first = 0; first < kPanel; first += kLanes) {
    const int64_t at = column + first;
    const Vec valueBias = bias ? load(bias + at) : Vec{}, gateBias = bias ? load(bias + columns + at) : Vec{};
    for (int r = 0; r < rows; ++r)
      store(out + (row + r) * outStride + at, (load(values + r * kPanel + first) + valueBias) * gelu(load(gates + r * kPanel + first) + gateBias));
  }
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
