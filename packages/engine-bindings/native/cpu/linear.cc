// out = act(x * Wt + bias) + residual.
#include "gemm.h"
#include "kernels.h"

namespace patchbay {
namespace PATCHBAY_ISA {

size_t linearScratch(const LinearArgs& args) {
  return size_t(gemmScratchFloats(args.x.rows(), args.weight.n, args.weight.k, args.weight.dtype != DType::f32)) * sizeof(float);
}

void linear(const LinearArgs& args, Scratch scratch, ThreadPool& pool) {
  int64_t m = args.x.rows();
  if (m == 0 || args.weight.n == 0) return;
  GemmPlan plan = planGemm(m, args.weight.n, args.weight.k, pool.threads());
  DenseRows rows{args.x.f32(), args.x.rowStride};
  PackedPanels panels{args.weight};
  Epilogue epilogue;
  epilogue.bias = args.bias;
  epilogue.residual = args.residual.f32();
  epilogue.residualStride = args.residual.rowStride;
  epilogue.out = args.out.f32();
  epilogue.outStride = args.out.rowStride;
  epilogue.columns = args.weight.n;
  epilogue.activation = args.activation;
  parallel(pool, plan.tasks(), [&](int64_t task, int thread) {
    gemmTask(plan, rows, panels, epilogue, task,
             reinterpret_cast<float*>(static_cast<char*>(scratch.data) + size_t(thread) * scratch.bytesEach));
  });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
