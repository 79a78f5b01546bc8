// Attention in blocks that never hold the whole score matrix: what fp32 (attention.cc) and bf16 (dot/attentionPairs.cc) have in common.
//
// Everything is kept turned: a panel of kPanel queries lies across the lanes, keys and head dimensions run down. The scores of a block,
// S'[keys, queries] = K * Q', are then what the second product O'[d, queries] = V' * S' wants as its right side, V in its natural
// layout is what it wants as packed left side, and the softmax has no sums across lanes.
#pragma once
#include "gemm.h"

namespace patchbay {
namespace PATCHBAY_ISA {

// Products, below, is a kind of arithmetic that takes kUnit values at once and gives
//   packTurned: rows times a factor, packed as the left or the right side of a product;
//   packValues: values[step][d] of a block of keys;
//   multiply: the micro-kernel;
//   soften: scores become exp2(score - highest so far), as the right side of the second product; what earlier blocks gave is brought to
//   the new highest.
struct AttentionPlan {
  int64_t dim, paddedDim, dimSteps, keyBlock, keyTiles, maxPanels;
  int64_t queryFloats, keyFloats, valueFloats, scoreFloats, outFloats;  // of one panel or block
};

template <class Products>
AttentionPlan planAttention(const AttentionArgs& args) {
  constexpr int64_t kUnit = Products::kUnit;
  AttentionPlan p;
  p.dim = args.q.last() / args.heads;
  p.paddedDim = roundUp(p.dim, kLanes);
  p.dimSteps = ceilDiv(p.dim, kUnit);
  // Scores of a block fit the first-level cache, keys and values the second.
  int64_t tiles = maxOf(2, minOf(kAttentionKeys / kTileRows, kAttentionKeyValues / (p.paddedDim * kTileRows)));
  static_assert(kTileRows % kUnit == 0, "a block has whole steps");
  p.keyBlock = minOf(tiles * kTileRows, roundUp(args.k.dims[1], kUnit));
  p.keyTiles = ceilDiv(p.keyBlock, kTileRows);
  p.maxPanels = maxOf(1, minOf(minOf(kAttentionQueries / kPanel, kAttentionQueryValues / (p.paddedDim * kPanel)), ceilDiv(args.q.dims[1], kPanel)));
  p.queryFloats = p.dimSteps * kPanel;
  p.keyFloats = p.keyTiles * p.dimSteps * kTileStride;
  p.valueFloats = p.keyBlock / kUnit * p.paddedDim;
  p.scoreFloats = p.keyBlock * kPanel;
  p.outFloats = p.paddedDim * kPanel;
  return p;
}

template <class Products>
size_t attentionScratchBytes(const AttentionArgs& args) {
  const AttentionPlan p = planAttention<Products>(args);
  return sizeof(float) * size_t(p.maxPanels * (p.queryFloats + p.outFloats + 2 * kPanel) + p.keyFloats + p.valueFloats + p.scoreFloats);
}

constexpr float kMasked = -1e30f;  // its power of 2 is 0, as that of -infinity, which some of the ways to take it do not survive

// Keys behind a query do not count for it.
inline void maskScores(float* scores, int64_t keys, int64_t key0, int64_t query0) {
  for (int64_t j = 0; j < keys; ++j)
    for (int64_t i = 0; i < minOf(kPanel, key0 + j - query0); ++i) scores[j * kPanel + i] = kMasked;
}

// The highest of each query's scores.
PATCHBAY_INLINE Vec highestScore(const float* scores, int64_t keys) {
  Vec a = load(scores), b = a;
  int64_t i = 1;
  for (; i + 1 < keys; i += 2) {
    a = maxFast(a, load(scores + i * kPanel));
    b = maxFast(b, load(scores + (i + 1) * kPanel));
  }
  if (i < keys) a = maxFast(a, load(scores + i * kPanel));
  return maxFast(a, b);
}

// What earlier blocks gave, times `shrink`: the output in place, the sum returned.
PATCHBAY_INLINE Vec shrinkEarlier(Vec shrink, Vec sum, float* out, int64_t dim) {
  for (int64_t d = 0; d < dim; ++d) store(out + d * kPanel, load(out + d * kPanel) * shrink);
  return sum * shrink;
}

// out[query][d] = O'[d][query] / sum[query].
inline void writeOut(const float* out, const float* sum, int64_t dim, int queries, float* destination, int64_t stride) {
  for (int q0 = 0; q0 < queries; q0 += kLanes) {
    Vec inverse = 1.0f / load(sum + q0);
    int count = int(minOf(kLanes, queries - q0));
    for (int64_t d0 = 0; d0 < dim; d0 += kLanes) {
      int width = int(minOf(kLanes, dim - d0));
      Vec v[kLanes];
      for (int i = 0; i < kLanes; ++i) v[i] = i < width ? load(out + (d0 + i) * kPanel + q0) * inverse : Vec{};
      transpose(v);
      for (int i = 0; i < count; ++i) {
        float* to = destination + (q0 + i) * stride + d0;
        if (width == kLanes) store(to, v[i]);
        else storePart(to, v[i], width);
      }
    }
  }
}

template <class Products>
void runAttention(const AttentionArgs& args, Scratch scratch, ThreadPool& pool) {
  const AttentionPlan p = planAttention<Products>(args);
  const int64_t batch = args.q.dims[0], queries = args.q.dims[1], keys = args.k.dims[1], dim = p.dim;
  const int64_t panels = ceilDiv(queries, kPanel);
  if (batch == 0 || queries == 0 || keys == 0 || dim == 0) return;
  int64_t perTask = minOf(p.maxPanels, maxOf(1, batch * args.heads * panels / (4 * pool.threads())));
  const int64_t blocks = ceilDiv(panels, perTask);
  const float factor = args.scale * 1.44269504088896341f;  // scores are powers of 2

  parallel(pool, batch * args.heads * blocks, [&](int64_t task, int thread) {
    // The longest tasks of a causal product come first.
    int64_t block = args.causal ? blocks - 1 - task / (batch * args.heads) : task % blocks;
    int64_t pair = args.causal ? task % (batch * args.heads) : task / blocks;
    int64_t b = pair / args.heads, head = pair % args.heads;
    int64_t panel0 = block * panels / blocks, panel1 = (block + 1) * panels / blocks, count = panel1 - panel0;
    const float* q = args.q.f32() + b * queries * args.q.rowStride + head * dim;
    const float* k = args.k.f32() + b * keys * args.k.rowStride + head * dim;
    const float* v = args.v.f32() + b * keys * args.v.rowStride + head * dim;
    float* out = args.out.f32() + b * queries * args.out.rowStride + head * dim;

    float* at = scratchOf<float>(scratch, thread);
    float* packedQueries = at;
    float* sums = packedQueries + p.maxPanels * p.queryFloats;
    float* highest = sums + p.maxPanels * kPanel;
    float* turned = highest + p.maxPanels * kPanel;
    float* packedKeys = turned + p.maxPanels * p.outFloats;
    float* values = packedKeys + p.keyFloats;
    float* scores = values + p.valueFloats;
    const float* rows[kPanel > kTileStride ? kPanel : kTileStride];
    int64_t masks[kPanel > kTileStride ? kPanel : kTileStride];
    for (int64_t& mask : masks) mask = -1;

    for (int64_t i = 0; i < count; ++i) {
      int64_t query0 = (panel0 + i) * kPanel;
      int n = int(minOf(kPanel, queries - query0));
      for (int r = 0; r < n; ++r) rows[r] = q + (query0 + r) * args.q.rowStride;
      float* to = packedQueries + i * p.queryFloats;
      Products::packTurned(to, kPanel, rows, masks, n, dim, factor);
    }

    int64_t lastQuery = minOf(queries, panel1 * kPanel) - 1;
    for (int64_t key0 = 0; key0 < keys; key0 += p.keyBlock) {
      if (args.causal && key0 > lastQuery) break;
      int64_t n = minOf(p.keyBlock, keys - key0), tiles = ceilDiv(n, kTileRows);
      for (int64_t t = 0; t < tiles; ++t) {
        int64_t first = t * n / tiles, rowCount = (t + 1) * n / tiles - first;
        for (int64_t r = 0; r < rowCount; ++r) rows[r] = k + (key0 + first + r) * args.k.rowStride;
        Products::packTurned(packedKeys + t * p.dimSteps * kTileStride, kTileStride, rows, masks, int(rowCount), dim, 1.0f);
      }
      Products::packValues(v + key0 * args.v.rowStride, args.v.rowStride, n, dim, values, p.paddedDim);

      for (int64_t i = 0; i < count; ++i) {
        int64_t query0 = (panel0 + i) * kPanel;
        int queryCount = int(minOf(kPanel, queries - query0)), vectors = queryCount > kLanes ? 2 : 1;
        if (args.causal && key0 > query0 + queryCount - 1) continue;
        for (int64_t t = 0; t < tiles; ++t) {
          int64_t first = t * n / tiles, rowCount = (t + 1) * n / tiles - first;
          Products::multiply(int(rowCount), vectors, packedKeys + t * p.dimSteps * kTileStride, kTileStride,
                             packedQueries + i * p.queryFloats, p.dimSteps, scores + first * kPanel, false);
        }
        if (args.causal && key0 + n - 1 > query0) maskScores(scores, n, key0, query0);
        float* o = turned + i * p.outFloats;
        Products::soften(scores, n, vectors, highest + i * kPanel, sums + i * kPanel, o, dim, key0 == 0);
        int64_t parts = ceilDiv(dim, kTileRows);
        for (int64_t t = 0; t < parts; ++t) {
          int64_t d = t * dim / parts;
          Products::multiply(int((t + 1) * dim / parts - d), vectors, values + d, p.paddedDim, scores, ceilDiv(n, Products::kUnit), o + d * kPanel,
                             key0 != 0);
        }
      }
    }
    for (int64_t i = 0; i < count; ++i) {
      int64_t query0 = (panel0 + i) * kPanel;
      writeOut(turned + i * p.outFloats, sums + i * kPanel, dim, int(minOf(kPanel, queries - query0)),
               out + query0 * args.out.rowStride, args.out.rowStride);
    }
  });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
