// linear.cc and conv2d.cc with products of bf16.
#include "../pixelRows.h"
#include "pairs.h"
#include "products.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

struct DensePairRows {
  const float* data;
  int64_t stride;
  void pack(float* destination, int64_t row, int count, int64_t k0, int64_t k1) const {
    const float* at[kTileStride];
    int64_t masks[kTileStride];
    for (int r = 0; r < count; ++r) at[r] = data + (row + r) * stride + 2 * k0, masks[r] = -1;
    packPairs(destination, kTileStride, at, masks, count, k1 - k0);
  }
};

using PairPixelRows = PixelRows<packPairs, 2>;

size_t scratchBytes(int64_t m, const PackedMatrix& w, bool gated) {
  return size_t(gemmScratchFloats<PairPanels>(m, w.n, w.k / 2, false, gated)) * sizeof(float);
}

}  // namespace

size_t linearPairsScratch(const LinearArgs& args) { return scratchBytes(args.x.rows(), args.weight, args.gated); }

void linearPairs(const LinearArgs& args, Scratch scratch, ThreadPool& pool) {
  const int64_t m = args.x.rows();
  if (m == 0 || args.weight.n == 0) return;
  const GemmPlan plan = planGemm<PairPanels>(m, args.weight.n, args.weight.k / 2, pool.threads(), args.gated);
  gemm(plan, DensePairRows{args.x.f32(), args.x.rowStride}, PairPanels{args.weight}, Epilogue(args), scratch, pool);
}

size_t conv2dPairsScratch(const Conv2dArgs& args, int) { return scratchBytes(args.out.rows(), args.weight, false); }

void conv2dPairs(const Conv2dArgs& args, Scratch scratch, ThreadPool& pool) {
  const int64_t m = args.out.rows();
  if (m == 0 || args.weight.n == 0) return;
  const GemmPlan plan = planGemm<PairPanels>(m, args.weight.n, args.weight.k / 2, pool.threads());
  const Epilogue epilogue(args);
  if (isPointwise(args)) return gemm(plan, DensePairRows{args.x.f32(), args.x.rowStride}, PairPanels{args.weight}, epilogue, scratch, pool);
  gemm(plan, PairPixelRows(args), PairPanels{args.weight}, epilogue, scratch, pool);
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
