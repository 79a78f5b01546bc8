// What happens to a tile of sums on its way out.
#pragma once
#include "kernelTable.h"
#include "simd.h"

namespace patchbay {
namespace PATCHBAY_ISA {

struct Epilogue {
  const float* bias = nullptr;
  const float* sampleAdd = nullptr;  // one row for each rowsPerSample rows
  int64_t sampleStride = 0, rowsPerSample = 1;
  const float* residual = nullptr;
  int64_t residualStride = 0;
  float* out = nullptr;
  int64_t outStride = 0, columns = 0;
  Activation activation = Activation::none;

  // c holds rows x kPanel sums of rows row.. and columns column..
  void apply(const float* c, int64_t row, int rows, int64_t column) const;
  // out = values * gelu(gates), of columns column.. of either half.
  void applyGated(const float* values, const float* gates, int64_t row, int rows, int64_t column) const;

  explicit Epilogue(const LinearArgs& args)
      : bias(args.bias), residual(args.residual.f32()), residualStride(args.residual.rowStride), out(args.out.f32()),
        outStride(args.out.rowStride), columns(args.out.last()), activation(args.activation) {}
  explicit Epilogue(const Conv2dArgs& args)
      : bias(args.bias), sampleAdd(args.channelAdd.f32()), sampleStride(args.channelAdd.rowStride),
        rowsPerSample(args.out.dims[1] * args.out.dims[2]), residual(args.residual.f32()), residualStride(args.residual.rowStride),
        out(args.out.f32()), outStride(args.out.rowStride), columns(args.weight.n), activation(args.activation) {}
  // As the sums are.
  Epilogue(const View& view) : out(view.f32()), outStride(view.rowStride), columns(view.last()) {}
};

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
