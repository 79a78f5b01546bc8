// Matrix products C[M, N] = A[M, K] * B[K, N] that linear, conv2d and matmul share: blocking, packing of A, and the epilogue.
//
// Loops, from the outside: tasks (block of rows x group of panels); blocks of K; panels of kPanel columns; tiles of up to kTileRows
// rows. A block of A is packed once for all panels of the task, a block of a panel is widened once for all tiles (Goto and van de Geijn,
// "Anatomy of High-Performance Matrix Multiplication", 2008, with B packed ahead of time). Every element is one chain of fused
// multiply-adds over each block of K, blocks added in order; the blocks depend on K alone, so results do not depend on threads,
// tiles or the number of rows.
#pragma once
#include "epilogue.h"
#include "parallel.h"

namespace patchbay {
namespace PATCHBAY_ISA {

constexpr int kDirectRows = kTileRows < 8 ? kTileRows : 8;  // so few rows are bound by reading weights: these are widened in registers

// c[rows, kPanel] (+)= a * b over k. a: packed rows, element (i, r) at a[i * aStride + r]. b: k rows of kPanel floats.
// vectors: how many of the panel's two vectors hold columns that are wanted.
void multiplyTile(int rows, int vectors, const float* a, int64_t aStride, const float* b, int64_t k, float* c, bool accumulate);
// The same for rows <= kDirectRows, with b in its storage type.
void multiplyDirect(int rows, int vectors, const float* a, int64_t aStride, const void* b, DType dtype, int64_t k, float* c,
                    bool accumulate);
// destination[k * stride + r] = rows[r][k & masks[r]] for r < count and k < length; the other lanes up to the next vector are 0.
void packRows(float* destination, int64_t stride, const float* const* rows, const int64_t* masks, int count, int64_t length);

// k, here and below, counts steps: of one element, or of what Panels takes at once.
struct GemmPlan {
  int64_t m, n, k;
  int64_t tiles, rowBlocks, panels, groups, depth, depthBlocks;
  bool gated = false;  // panels come in pairs: values and gates

  static int64_t depthOf(int64_t k, int64_t deepest) {
    int64_t blocks = maxOf(1, ceilDiv(k, deepest));
    return maxOf(1, ceilDiv(k, blocks));
  }
  int64_t tasks() const { return rowBlocks * groups; }
};

template <class Panels>
inline GemmPlan planGemm(int64_t m, int64_t n, int64_t k, int threads, bool gated = false) {
  GemmPlan p;
  p.gated = gated;
  p.m = m, p.n = n, p.k = k;
  p.depth = GemmPlan::depthOf(k, Panels::kDeepest);
  p.depthBlocks = maxOf(1, ceilDiv(k, p.depth));
  p.tiles = ceilDiv(m, kTileRows);
  p.panels = ceilDiv(n, kPanel);
  p.rowBlocks = ceilDiv(p.tiles, kBlockTiles);
  p.groups = p.depthBlocks == 1 ? 1 : ceilDiv(p.panels, kGroupPanels);
  const int64_t leastBlocks = p.rowBlocks, leastGroups = p.groups;
  if (threads == 1 || leastBlocks * leastGroups >= 32 * threads) return p;
  // More tasks balance better; every group packs A again (about 1/5 of the work on one panel), every block of rows fetches and
  // widens B again (about 6 rows' worth).
  double best = 0;
  for (int64_t blocks = leastBlocks; blocks <= minOf(p.tiles, maxOf(leastBlocks, 4 * threads) + threads); ++blocks)
    for (int64_t share = 0; share <= 4; share = share ? share * 2 : 1) {
      int64_t groups = minOf(gated ? p.panels / 2 : p.panels, maxOf(leastGroups, ceilDiv(share * threads, blocks))), tasks = blocks * groups;
      double tiles = double(ceilDiv(p.tiles, blocks)), panels = double(ceilDiv(p.panels, groups));
      double time = double(ceilDiv(tasks, threads)) * tiles * panels * (1 + 0.2 / panels + 6 / (tiles * kTileRows)) *
                    (1 + 0.15 * threads / double(tasks));
      if (best == 0 || time < best) best = time, p.rowBlocks = blocks, p.groups = groups;
    }
  return p;
}

// Floats of scratch a thread needs, whatever the number of threads. `widens`: panels pass through scratch.
template <class Panels>
inline int64_t gemmScratchFloats(int64_t m, int64_t n, int64_t k, bool widens, bool gated = false) {
  int64_t depth = GemmPlan::depthOf(k, Panels::kDeepest);
  int64_t tiles = minOf(ceilDiv(m, kTileRows), kBlockTiles);
  int64_t panels = k > depth ? minOf(ceilDiv(n, kPanel), kGroupPanels) : gated ? 2 : 0;  // whose sums are kept
  int64_t a = tiles * depth * Panels::kStepFloats;
  int64_t c = maxOf(1, panels * tiles) * kTileRows * kPanel;
  return a + c + (widens ? depth * kPanel : 0);
}

// A source of rows: pack(destination, row, rows, k0, k1) writes steps k0..k1 of up to kTileRows rows, Panels::kStepFloats apart: element
// (k, r) to destination[(k - k0) * kTileStride + r] where a step is one element.
// A source of panels: panel(p, k0, k1, buffer) gives k1 - k0 steps of kPanel columns, in place or in the buffer; multiply is their
// micro-kernel. Where kDirect and direct() hold, few rows meet B in its storage type; a single row that Rows::line finds in memory is not packed.
template <class Rows, class Panels>
void gemmTask(const GemmPlan& p, const Rows& rows, const Panels& panels, const Epilogue& epilogue, int64_t task, float* scratch) {
  // Tasks that share a group of panels come one after another, so that its weights are read from memory once.
  int64_t block = task % p.rowBlocks, group = task / p.rowBlocks;
  int64_t tile0 = block * p.tiles / p.rowBlocks, tile1 = (block + 1) * p.tiles / p.rowBlocks;
  const int64_t unit = p.gated ? 2 : 1, units = p.panels / unit;
  int64_t panel0 = group * units / p.groups * unit, panel1 = (group + 1) * units / p.groups * unit;
  int64_t tiles = tile1 - tile0;
  auto rowOf = [&](int64_t tile) { return tile * p.m / p.tiles; };

  float* a = scratch;
  const int64_t tileFloats = p.depth * Panels::kStepFloats;
  float* c = a + minOf(p.tiles, kBlockTiles) * tileFloats;
  const int64_t keptPanels = p.depthBlocks > 1 ? minOf(p.panels, kGroupPanels) : p.gated ? 2 : 0;
  const int64_t kept = keptPanels ? kTileRows * kPanel : 0;  // floats of sums kept for a tile
  float* buffer = c + maxOf(1, keptPanels * minOf(p.tiles, kBlockTiles)) * kTileRows * kPanel;
  const auto sumsOf = [&](int64_t panel) { return c + (panel - panel0) % maxOf(1, keptPanels) * tiles * kept; };

  bool direct = false;
  const float* line = nullptr;
  if constexpr (Panels::kDirect) {
    direct = panels.direct() && p.m <= kDirectRows;
    if (direct && p.m == 1) line = rows.line();
  }
  for (int64_t kb = 0; kb < p.depthBlocks; ++kb) {
    int64_t k0 = kb * p.depth, k1 = minOf(p.k, k0 + p.depth), k = k1 - k0;
    if (!line)
      for (int64_t t = 0; t < tiles; ++t) {
        int64_t row = rowOf(tile0 + t);
        rows.pack(a + t * tileFloats, row, int(rowOf(tile0 + t + 1) - row), k0, k1);
      }
    for (int64_t panel = panel0; panel < panel1; ++panel) {
      int vectors = p.n - panel * kPanel > kLanes ? 2 : 1;
      float* sums = sumsOf(panel);
      const float* b = direct ? nullptr : panels.panel(panel, k0, k1, buffer);
      for (int64_t t = 0; t < tiles; ++t) {
        int64_t row = rowOf(tile0 + t);
        int count = int(rowOf(tile0 + t + 1) - row);
        float* at = sums + t * kept;
        if constexpr (Panels::kDirect)
          if (direct) panels.multiplyDirect(count, vectors, line ? line + k0 : a, line ? 1 : kTileStride, panel, k0, k, at, kb > 0);
        if (!direct) Panels::multiply(count, vectors, a + t * tileFloats, b, k, at, kb > 0);
        if (kb + 1 < p.depthBlocks) continue;
        if (!p.gated) epilogue.apply(at, row, count, panel * kPanel);
        else if (panel % 2) epilogue.applyGated(sumsOf(panel - 1) + t * kept, at, row, count, panel / 2 * kPanel);
      }
    }
  }
}

// All tasks of a plan.
template <class Rows, class Panels>
void gemm(const GemmPlan& plan, const Rows& rows, const Panels& panels, const Epilogue& epilogue, Scratch scratch, ThreadPool& pool) {
  parallel(pool, plan.tasks(), [&](int64_t task, int thread) {
    gemmTask(plan, rows, panels, epilogue, task, scratchOf<float>(scratch, thread));
  });
}

// What every source of panels of floats has in common: a step is one element.
struct FloatPanels {
  static constexpr bool kDirect = false;
  static constexpr int64_t kStepFloats = kTileStride;
  static constexpr int64_t kDeepest = kGemmDepth;
  static void multiply(int rows, int vectors, const float* a, const float* b, int64_t k, float* c, bool accumulate) {
    multiplyTile(rows, vectors, a, kTileStride, b, k, c, accumulate);
  }
};

// Panels of a packed weight matrix, `stored` or `bytes`.
struct PackedPanels : FloatPanels {
  static constexpr bool kDirect = true;
  PackedMatrix weight;
  explicit PackedPanels(const PackedMatrix& matrix) : weight(matrix) {}
  bool bytes() const { return weight.format == WeightFormat::bytes; }
  bool direct() const { return !bytes(); }
  bool widens() const { return bytes() || weight.dtype != DType::f32; }
  size_t panelBytes() const {
    return bytes() ? size_t(weight.k + ceilDiv(weight.k, kByteBlock) * 4) * kPanel : size_t(weight.k) * kPanel * byteSize(weight.dtype);
  }
  const void* at(int64_t panel, int64_t k0) const {
    return static_cast<const char*>(weight.data) + size_t(panel) * panelBytes() + size_t(k0) * kPanel * (bytes() ? 1 : byteSize(weight.dtype));
  }
  // The scales of `bytes`: [ceil(k/kByteBlock)][kPanel].
  const float* scales(int64_t panel) const { return static_cast<const float*>(at(panel, weight.k)); }
  const float* panel(int64_t panel, int64_t k0, int64_t k1, float* buffer) const;
  void multiplyDirect(int rows, int vectors, const float* a, int64_t stride, int64_t panel, int64_t k0, int64_t k, float* c,
                      bool accumulate) const {
    PATCHBAY_ISA::multiplyDirect(rows, vectors, a, stride, at(panel, k0), weight.dtype, k, c, accumulate);
  }
};

// Rows of an ordinary matrix.
struct DenseRows {
  const float* data;
  int64_t stride;
  const float* line() const { return data; }
  void pack(float* destination, int64_t row, int count, int64_t k0, int64_t k1) const {
    const float* at[kTileStride];
    int64_t masks[kTileStride];
    for (int r = 0; r < count; ++r) at[r] = data + (row + r) * stride + k0, masks[r] = -1;
    packRows(destination, kTileStride, at, masks, count, k1 - k0);
  }
};

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
