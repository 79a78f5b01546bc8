// out = act(x * Wt + bias) + residual.
#include "gemm.h"
#include "kernels.h"

namespace patchbay {
namespace PATCHBAY_ISA {

size_t linearScratch(const LinearArgs& args) {
  return size_t(gemmScratchFloats<PackedPanels>(args.x.rows(), args.weight.n, args.weight.k, PackedPanels(args.weight).widens(), args.gated)) *
         sizeof(float);
}

void linear(const LinearArgs& args, Scratch scratch, ThreadPool& pool) {
  int64_t m = args.x.rows();
  if (m == 0 || args.weight.n == 0) return;
  GemmPlan plan = planGemm<PackedPanels>(m, args.weight.n, args.weight.k, pool.threads(), args.gated);
  gemm(plan, DenseRows{args.x.f32(), args.x.rowStride}, PackedPanels(args.weight), Epilogue(args), scratch, pool);
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
