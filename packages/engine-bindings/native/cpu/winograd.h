// Winograd convolution: blocks of output tiles, whose transformed input all threads share; then for every panel of output channels the
// weights are transformed in cache, a block of channels at a time, a product for each position follows, and the output transform ends in
// the epilogue.
//
// The weights are never kept transformed (for 4x4 pixels that would be 36/9 of their fp32 size): one transform costs about as much as the
// products of three tiles, and a task has many of them.
// Every sum is one chain of fused multiply-adds over each block of channels, blocks added in order; the blocks depend on the channels
// alone, so results do not depend on threads, on how tiles are grouped or on the rest of the batch.
//
// Kind is a tile size and an arithmetic that takes kUnit channels at once: kOutSide, kInSide, kPositions; transformInput,
// transformFilter, transformOutput; join, which makes of kUnit vectors of channels beside each other one packed vector; joinColumns, the
// same for weights, a vector of columns for each of kUnit channels; multiplyAdd.
#pragma once
#include "gemm.h"

namespace patchbay {
namespace PATCHBAY_ISA {

static const float kNoPixel[kLanes] = {};

template <class Kind>
struct WinogradLayout {
  int64_t tilesY, tilesX, tiles;  // tiles: of all samples
  int64_t channels, depth, depthBlocks, panels;
  int64_t blocks;       // of tiles
  int64_t blockGroups;  // most groups of up to kTileRows tiles in a block
  int64_t taskGroups;   // most of them in a task

  int64_t steps() const { return depth / Kind::kUnit; }  // of a block of channels
  int64_t groupFloats() const { return Kind::kPositions * steps() * kTileRows; }  // transformed input of one group and one block of channels
  int64_t sharedFloats() const { return blockGroups * depthBlocks * groupFloats(); }
  int64_t weightStride() const { return steps() * kPanel + kPanel; }  // not a power of two, or all positions would meet in the same sets
  static constexpr int64_t kGroupSums = Kind::kPositions * kTileRows * kPanel;
  int64_t privateFloats() const { return Kind::kPositions * weightStride() + taskGroups * kGroupSums; }
};

template <class Kind>
WinogradLayout<Kind> winogradLayout(const Conv2dArgs& args) {
  WinogradLayout<Kind> l;
  l.tilesY = ceilDiv(args.out.dims[1], Kind::kOutSide), l.tilesX = ceilDiv(args.out.dims[2], Kind::kOutSide);
  l.tiles = args.out.dims[0] * l.tilesY * l.tilesX;
  l.channels = args.x.dims[3];
  l.depthBlocks = maxOf(1, ceilDiv(l.channels, kWinogradDepth * Kind::kUnit));
  l.depth = roundUp(maxOf(1, ceilDiv(l.channels, l.depthBlocks)), kLanes * Kind::kUnit);
  l.panels = ceilDiv(args.weight.n, kPanel);
  int64_t groups = ceilDiv(l.tiles, kTileRows), kept = maxOf(1, kWinogradFloats / (l.depthBlocks * l.groupFloats()));
  l.blocks = maxOf(1, ceilDiv(groups, kept));
  l.blockGroups = ceilDiv(ceilDiv(l.tiles, l.blocks), kTileRows);
  l.taskGroups = minOf(l.blockGroups, kWinogradTiles / kTileRows);
  return l;
}

// Tiles first..last of a block, in groups of nearly the same size; a group's tiles are the rows of one micro-tile.
template <class Kind>
struct TileGroups {
  int64_t first, tiles, count;
  TileGroups(const WinogradLayout<Kind>& l, int64_t block) {
    first = block * l.tiles / l.blocks;
    tiles = (block + 1) * l.tiles / l.blocks - first;
    count = ceilDiv(tiles, kTileRows);
  }
  int64_t tileOf(int64_t group) const { return first + group * tiles / count; }
};

// Where a tile lies.
template <class Kind>
struct WinogradTile {
  int64_t sample, y, x;  // y and x: of its first output pixel
  WinogradTile(const WinogradLayout<Kind>& l, int64_t index) {
    sample = index / (l.tilesY * l.tilesX);
    y = index / l.tilesX % l.tilesY * Kind::kOutSide, x = index % l.tilesX * Kind::kOutSide;
  }
};

// The patch of input pixels under a tile, and the masks that keep reads of padding at kNoPixel.
template <class Kind>
struct WinogradPatch {
  const float* pixels[Kind::kPositions];
  int64_t masks[Kind::kPositions];

  WinogradPatch(const Conv2dArgs& a, const WinogradTile<Kind>& tile) {
    const int64_t height = a.x.dims[1], width = a.x.dims[2];
    const int64_t seenHeight = a.resizeH ? a.resizeH : height, seenWidth = a.resizeH ? a.resizeW : width;
    int64_t columns[Kind::kInSide];
    for (int64_t i = 0; i < Kind::kInSide; ++i) {
      int64_t x = tile.x - a.padLeft + i;
      columns[i] = x < 0 || x >= seenWidth ? -1 : seenWidth == width ? x : x * width / seenWidth;
    }
    for (int64_t j = 0; j < Kind::kInSide; ++j) {
      int64_t y = tile.y - a.padTop + j;
      bool inside = y >= 0 && y < seenHeight;
      if (seenHeight != height) y = y * height / seenHeight;
      const float* row = a.x.f32() + (tile.sample * height + (inside ? y : 0)) * width * a.x.rowStride;
      for (int64_t i = 0; i < Kind::kInSide; ++i) {
        bool read = inside && columns[i] >= 0;
        pixels[j * Kind::kInSide + i] = read ? row + columns[i] * a.x.rowStride : kNoPixel;
        masks[j * Kind::kInSide + i] = read ? -1 : 0;
      }
    }
  }
};

// Channels c0..c1 of a patch, transformed; step (position, i) of kLanes goes to out[position * stride + i * kTileRows * kLanes].
template <class Kind>
void transformPatch(const WinogradPatch<Kind>& patch, int64_t c0, int64_t c1, float* out, int64_t stride) {
  constexpr int kInSide = Kind::kInSide, kUnit = Kind::kUnit;
  for (int64_t c = c0; c < c1; c += kLanes * kUnit, out += kTileRows * kLanes) {
    Vec turned[kUnit][kInSide][kInSide];
    for (int u = 0; u < kUnit; ++u) {
      const int64_t first = c + u * kLanes;
      const int width = int(maxOf(0, minOf(kLanes, c1 - first)));
      for (int x = 0; x < kInSide; ++x) {
        Vec d[kInSide], column[kInSide];
#pragma GCC unroll 6
        for (int y = 0; y < kInSide; ++y) {
          const float* from = patch.pixels[y * kInSide + x] + (first & patch.masks[y * kInSide + x]);
          d[y] = width == kLanes ? load(from) : width ? loadPart(from, width) : Vec{};
        }
        Kind::transformInput(d, column);
#pragma GCC unroll 6
        for (int y = 0; y < kInSide; ++y) turned[u][y][x] = column[y];
      }
    }
    for (int y = 0; y < kInSide; ++y) {
      Vec row[kUnit][kInSide];
#pragma GCC unroll 2
      for (int u = 0; u < kUnit; ++u) Kind::transformInput(turned[u][y], row[u]);
#pragma GCC unroll 6
      for (int x = 0; x < kInSide; ++x) {
        Vec parts[kUnit];
        for (int u = 0; u < kUnit; ++u) parts[u] = row[u][x];
        store(out + (y * kInSide + x) * stride, Kind::join(parts));
      }
    }
  }
}

// A panel's weights as they are read: get(k, column) gives kLanes of them.
template <DType dtype>
struct StoredWeights {
  const void* base;
  StoredWeights(const PackedPanels& panels, int64_t panel) : base(panels.at(panel, 0)) {}
  PATCHBAY_INLINE Vec get(int64_t k, int64_t column) const { return loadAs<dtype>(base, k * kPanel + column); }
};
struct ByteWeights {
  const void* base;
  const float* scales;
  ByteWeights(const PackedPanels& panels, int64_t panel) : base(panels.at(panel, 0)), scales(panels.scales(panel)) {}
  PATCHBAY_INLINE Vec get(int64_t k, int64_t column) const {
    return widenBytes(base, k * kPanel + column) * load(scales + k / kByteBlock * kPanel + column);
  }
};

// Channels c0..c1 of a panel, transformed: step (position, i, column) to out[position * stride + i * kPanel + column].
template <class Kind, class Weights>
void transformPanelAs(const PackedPanels& panels, int64_t panel, int vectors, int64_t channels, int64_t c0, int64_t c1, float* out,
                      int64_t stride) {
  constexpr int kInSide = Kind::kInSide, kUnit = Kind::kUnit;
  const Weights weights(panels, panel);
  for (int64_t c = c0; c < c1; c += kUnit, out += kPanel) {
    for (int v = 0; v < vectors; ++v) {
      Vec turned[kUnit][kInSide][3];
#pragma GCC unroll 2
      for (int u = 0; u < kUnit; ++u)
#pragma GCC unroll 3
        for (int x = 0; x < 3; ++x) {
          Vec g[3], column[kInSide];
#pragma GCC unroll 3
          for (int y = 0; y < 3; ++y) g[y] = c + u < c1 ? weights.get((y * 3 + x) * channels + c + u, v * kLanes) : Vec{};
          Kind::transformFilter(g, column);
#pragma GCC unroll 6
          for (int y = 0; y < kInSide; ++y) turned[u][y][x] = column[y];
        }
#pragma GCC unroll 6
      for (int y = 0; y < kInSide; ++y) {
        Vec row[kUnit][kInSide];
#pragma GCC unroll 2
        for (int u = 0; u < kUnit; ++u) Kind::transformFilter(turned[u][y], row[u]);
#pragma GCC unroll 6
        for (int x = 0; x < kInSide; ++x) {
          Vec parts[kUnit];
          for (int u = 0; u < kUnit; ++u) parts[u] = row[u][x];
          store(out + (y * kInSide + x) * stride + v * kLanes, Kind::joinColumns(parts));
        }
      }
    }
  }
}

template <class Kind>
void transformPanel(const PackedPanels& panels, int64_t panel, int vectors, int64_t channels, int64_t c0, int64_t c1, float* out,
                    int64_t stride) {
  auto transform = panels.bytes()                       ? transformPanelAs<Kind, ByteWeights>
                   : panels.weight.dtype == DType::f16  ? transformPanelAs<Kind, StoredWeights<DType::f16>>
                   : panels.weight.dtype == DType::bf16 ? transformPanelAs<Kind, StoredWeights<DType::bf16>>
                                                        : transformPanelAs<Kind, StoredWeights<DType::f32>>;
  transform(panels, panel, vectors, channels, c0, c1, out, stride);
}

// c[R, kPanel] (+)= a * b over k steps. a: step (k, r) at (k / kLanes * kTileRows + r) * kLanes + k % kLanes.
template <class Kind, int R, int V>
void multiplyTiles(const float* a, const float* b, int64_t k, float* c, bool accumulate) {
  Vec sum[R][V] = {};
  for (; k > 0; k -= kLanes, a += kTileRows * kLanes) {
    const float* end = a + minOf(k, kLanes);
    for (const float* at = a; at < end; ++at, b += kPanel) {
      Vec column[V];
#pragma GCC unroll 2
      for (int v = 0; v < V; ++v) column[v] = load(b + v * kLanes);
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) {
        Vec x = splat(at[r * kLanes]);
#pragma GCC unroll 2
        for (int v = 0; v < V; ++v) sum[r][v] = Kind::multiplyAdd(sum[r][v], x, column[v]);
      }
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

using MultiplyFn = void (*)(const float* a, const float* b, int64_t k, float* c, bool accumulate);

template <class Kind, int R>
MultiplyFn pickMultiply(int rows, int vectors) {
  if constexpr (R > 1)
    if (rows < R) return pickMultiply<Kind, R - 1>(rows, vectors);
  return vectors == 1 ? multiplyTiles<Kind, R, 1> : multiplyTiles<Kind, R, 2>;
}

// From products, position by position kTileRows * kPanel apart, to the pixels of a tile.
template <class Kind>
void finishTile(const Conv2dArgs& args, const Epilogue& epilogue, const WinogradTile<Kind>& tile, const float* products, int64_t column, int vectors) {
  alignas(64) float pixels[Kind::kOutSide * Kind::kOutSide * kPanel];
  for (int v = 0; v < vectors; ++v) {
    Vec turned[Kind::kOutSide][Kind::kInSide];
    for (int x = 0; x < Kind::kInSide; ++x) {
      Vec m[Kind::kInSide], sums[Kind::kOutSide];
#pragma GCC unroll 6
      for (int y = 0; y < Kind::kInSide; ++y) m[y] = load(products + (y * Kind::kInSide + x) * kTileRows * kPanel + v * kLanes);
      Kind::transformOutput(m, sums);
#pragma GCC unroll 4
      for (int y = 0; y < Kind::kOutSide; ++y) turned[y][x] = sums[y];
    }
    for (int y = 0; y < Kind::kOutSide; ++y) {
      Vec row[Kind::kOutSide];
      Kind::transformOutput(turned[y], row);
#pragma GCC unroll 4
      for (int x = 0; x < Kind::kOutSide; ++x) store(pixels + (y * Kind::kOutSide + x) * kPanel + v * kLanes, row[x]);
    }
  }
  const int64_t height = args.out.dims[1], width = args.out.dims[2];
  int64_t rows = minOf(Kind::kOutSide, height - tile.y);
  int columns = int(minOf(Kind::kOutSide, width - tile.x));
  for (int64_t y = 0; y < rows; ++y)
    epilogue.apply(pixels + y * Kind::kOutSide * kPanel, (tile.sample * height + tile.y + y) * width + tile.x, columns, column);
}

// Into how many tasks the groups of a block are cut for each panel: more balance better, each transforms the panel's weights again.
template <class Kind>
int64_t sharesOf(const WinogradLayout<Kind>& l, int64_t groups, int threads) {
  int64_t least = ceilDiv(groups, l.taskGroups), best = least;
  double bestTime = 0;
  for (int64_t shares = least; shares <= minOf(groups, least + threads); ++shares) {
    double time = double(ceilDiv(l.panels * shares, threads)) * (double(ceilDiv(groups, shares) * kTileRows) + 3);
    if (bestTime == 0 || time < bestTime) bestTime = time, best = shares;
  }
  return best;
}

// Bytes of scratch a thread needs when `threads` of them share what is kept of the input.
template <class Kind>
size_t winogradScratchBytes(const Conv2dArgs& args, int threads) {
  const auto l = winogradLayout<Kind>(args);
  return size_t(roundUp(ceilDiv(l.sharedFloats(), threads) + l.privateFloats(), 16)) * sizeof(float);
}

template <class Kind>
void runWinograd(const Conv2dArgs& args, const Epilogue& epilogue, Scratch scratch, ThreadPool& pool) {
  const auto l = winogradLayout<Kind>(args);
  const PackedPanels panels(args.weight);
  float* shared = static_cast<float*>(scratch.data);
  float* own = shared + l.sharedFloats();
  for (int64_t block = 0; block < l.blocks; ++block) {
    const TileGroups<Kind> groups(l, block);
    parallel(pool, groups.count * l.depthBlocks, [&](int64_t task, int) {
      int64_t group = task / l.depthBlocks, c0 = task % l.depthBlocks * l.depth, c1 = minOf(l.channels, c0 + l.depth);
      float* out = shared + task * l.groupFloats();
      for (int64_t tile = groups.tileOf(group); tile < groups.tileOf(group + 1); ++tile, out += kLanes)
        transformPatch<Kind>(WinogradPatch<Kind>(args, WinogradTile<Kind>(l, tile)), c0, c1, out, l.steps() * kTileRows);
    });
    const int64_t shares = sharesOf(l, groups.count, pool.threads());
    parallel(pool, l.panels * shares, [&](int64_t task, int thread) {
      int64_t panel = task / shares, share = task % shares;
      int64_t first = share * groups.count / shares, last = (share + 1) * groups.count / shares;
      int vectors = args.weight.n - panel * kPanel > kLanes ? 2 : 1;
      float* weights = own + thread * l.privateFloats();
      float* products = weights + Kind::kPositions * l.weightStride();
      for (int64_t kb = 0; kb < l.depthBlocks; ++kb) {
        int64_t c0 = kb * l.depth, c1 = minOf(l.channels, c0 + l.depth);
        transformPanel<Kind>(panels, panel, vectors, l.channels, c0, c1, weights, l.weightStride());
        for (int64_t position = 0; position < Kind::kPositions; ++position)
          for (int64_t group = first; group < last; ++group) {
            const float* a = shared + (group * l.depthBlocks + kb) * l.groupFloats() + position * l.steps() * kTileRows;
            float* c = products + (group - first) * l.kGroupSums + position * kTileRows * kPanel;
            int rows = int(groups.tileOf(group + 1) - groups.tileOf(group));
            pickMultiply<Kind, kTileRows>(rows, vectors)(a, weights + position * l.weightStride(), ceilDiv(c1 - c0, Kind::kUnit), c, kb > 0);
          }
      }
      for (int64_t group = first; group < last; ++group) {
        const float* from = products + (group - first) * l.kGroupSums;
        for (int64_t tile = groups.tileOf(group); tile < groups.tileOf(group + 1); ++tile, from += kPanel)
          finishTile<Kind>(args, epilogue, WinogradTile<Kind>(l, tile), from, panel * kPanel, vectors);
      }
    });
  }
}

// Whether it computes this convolution: 3x3, stride 1, any padding, a resize before it.
inline bool winogradFits(const Conv2dArgs& args) {
  return args.kernelH == 3 && args.kernelW == 3 && args.strideH == 1 && args.strideW == 1;
}

// Multiply-adds that the time of one sample is worth, transforms at the time they were measured to take (AVX-512 and AVX2 of Zen 4).
// Looks at one sample, never at the batch or the threads, so that a sample's values do not depend on what runs beside it.
template <class Kind>
double winogradCost(const Conv2dArgs& args) {
  const auto l = winogradLayout<Kind>(args);
  const double tiles = double(l.tilesY * l.tilesX), in = double(args.x.dims[3]), out = double(args.weight.n);
  return Kind::kPositions * (tiles / Kind::kUnit + Kind::kFilterTiles) * in * out + Kind::kTileCost * tiles * (in + out);
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
