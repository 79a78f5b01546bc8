// out = a * b (or a * bt) for every leading index, both operands activations.
#include "gemm.h"
#include "kernels.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

// Panels made on the fly from a strided matrix.
struct StridedPanels : FloatPanels {
  const float* data;
  int64_t stride, n;
  bool transposed;  // data is [N, K]

  StridedPanels(const float* from, int64_t rowStride, int64_t columns, bool turned)
      : data(from), stride(rowStride), n(columns), transposed(turned) {}
  const float* panel(int64_t panel, int64_t k0, int64_t k1, float* buffer) const {
    int64_t first = panel * kPanel;
    int columns = int(minOf(kPanel, n - first));
    if (transposed) {
      const float* rows[kPanel];
      int64_t masks[kPanel];
      for (int c = 0; c < columns; ++c) rows[c] = data + (first + c) * stride + k0, masks[c] = -1;
      packRows(buffer, kPanel, rows, masks, columns, k1 - k0);
      return buffer;
    }
    if (columns == kPanel) {
      for (int64_t k = k0; k < k1; ++k) {
        const float* from = data + k * stride + first;
        float* to = buffer + (k - k0) * kPanel;
        store(to, load(from));
        store(to + kLanes, load(from + kLanes));
      }
      return buffer;
    }
    for (int64_t k = k0; k < k1; ++k) {
      const float* from = data + k * stride + first;
      float* to = buffer + (k - k0) * kPanel;
      for (int c = 0; c < columns; c += kLanes) store(to + c, loadPart(from + c, int(minOf(kLanes, columns - c))));
    }
    return buffer;
  }
};

struct Shape {
  int64_t batch, m, n, k;
};

Shape shapeOf(const MatmulArgs& args) {
  int64_t m = args.a.rank > 1 ? args.a.dims[args.a.rank - 2] : 1;
  return {m ? args.a.rows() / m : 0, m, args.out.last(), args.a.last()};
}

}  // namespace

size_t matmulScratch(const MatmulArgs& args) {
  Shape s = shapeOf(args);
  return size_t(gemmScratchFloats<StridedPanels>(s.m, s.n, s.k, true)) * sizeof(float);
}

void matmul(const MatmulArgs& args, Scratch scratch, ThreadPool& pool) {
  Shape s = shapeOf(args);
  if (s.batch == 0 || s.m == 0 || s.n == 0) return;
  int threads = int(ceilDiv(pool.threads(), s.batch));
  GemmPlan plan = planGemm<StridedPanels>(s.m, s.n, s.k, threads);
  int64_t rowsOfB = args.transposed ? s.n : s.k;
  parallel(pool, s.batch * plan.tasks(), [&](int64_t task, int thread) {
    int64_t batch = task / plan.tasks();
    DenseRows rows{args.a.f32() + batch * s.m * args.a.rowStride, args.a.rowStride};
    StridedPanels panels(args.b.f32() + batch * rowsOfB * args.b.rowStride, args.b.rowStride, s.n, args.transposed);
    Epilogue epilogue(args.out);
    epilogue.out += batch * s.m * args.out.rowStride;
    gemmTask(plan, rows, panels, epilogue, task % plan.tasks(), scratchOf<float>(scratch, thread));
  });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
