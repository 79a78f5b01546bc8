// Winograd convolution: blocks of output tiles, whose transformed input all threads share; then for every panel of output channels the
// weights are transformed in cache, a block of channels at a time, 36 products follow, and the output transform ends in the epilogue.
//
// The weights are never kept transformed (that would be 36/9 of their fp32 size): one transform costs about as much as the products of
// three tiles, and a task has up to kTaskTiles of them.
// Every sum is one chain of fused multiply-adds over each block of channels, blocks added in order; the blocks depend on the channels
// alone, so results do not depend on threads, on how tiles are grouped or on the rest of the batch.
#include "winograd.h"

#include "winogradTransforms.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

const float kZeros[kLanes] = {};

constexpr int64_t kDepth = 4096 / kPanel;              // channels of a block: one position's weights fill 16 KB of the first-level cache
constexpr int64_t kTaskTiles = 112;                    // most tiles of a task, whose products should stay in the second-level cache
constexpr int64_t kKeptFloats = int64_t{2} << 20;      // of transformed input at once: 8 MB, in the third-level cache
constexpr int64_t kGroupSums = kPositions * kTileRows * kPanel;

struct Layout {
  int64_t tilesY, tilesX, tiles;  // tiles: of all samples
  int64_t channels, depth, depthBlocks, panels;
  int64_t blocks;       // of tiles
  int64_t blockGroups;  // most groups of up to kTileRows tiles in a block
  int64_t taskGroups;   // most of them in a task

  int64_t groupFloats() const { return kPositions * depth * kTileRows; }  // transformed input of one group and one block of channels
  int64_t sharedFloats() const { return blockGroups * depthBlocks * groupFloats(); }
  int64_t weightStride() const { return depth * kPanel + kPanel; }  // not a power of two, or all positions would meet in the same sets
  int64_t privateFloats() const { return kPositions * weightStride() + taskGroups * kGroupSums; }
};

Layout layoutOf(const Conv2dArgs& args) {
  Layout l;
  l.tilesY = ceilDiv(args.out.dims[1], kOutSide), l.tilesX = ceilDiv(args.out.dims[2], kOutSide);
  l.tiles = args.out.dims[0] * l.tilesY * l.tilesX;
  l.channels = args.x.dims[3];
  l.depthBlocks = maxOf(1, ceilDiv(l.channels, kDepth));
  l.depth = roundUp(maxOf(1, ceilDiv(l.channels, l.depthBlocks)), kLanes);
  l.panels = ceilDiv(args.weight.n, kPanel);
  int64_t groups = ceilDiv(l.tiles, kTileRows), kept = maxOf(1, kKeptFloats / (l.depthBlocks * l.groupFloats()));
  l.blocks = maxOf(1, ceilDiv(groups, kept));
  l.blockGroups = ceilDiv(ceilDiv(l.tiles, l.blocks), kTileRows);
  l.taskGroups = minOf(l.blockGroups, kTaskTiles / kTileRows);
  return l;
}

// Tiles first..last of a block, in groups of nearly the same size; a group's tiles are the rows of one micro-tile.
struct Groups {
  int64_t first, tiles, count;
  Groups(const Layout& l, int64_t block) {
    first = block * l.tiles / l.blocks;
    tiles = (block + 1) * l.tiles / l.blocks - first;
    count = ceilDiv(tiles, kTileRows);
  }
  int64_t tileOf(int64_t group) const { return first + group * tiles / count; }
};

// Where a tile lies.
struct Tile {
  int64_t sample, y, x;  // y and x: of its first output pixel
  Tile(const Layout& l, int64_t index) {
    sample = index / (l.tilesY * l.tilesX);
    y = index / l.tilesX % l.tilesY * kOutSide, x = index % l.tilesX * kOutSide;
  }
};

// The patch of input pixels under a tile, and the masks that keep reads of padding at kZeros.
struct Patch {
  const float* pixels[kPositions];
  int64_t masks[kPositions];

  Patch(const Conv2dArgs& a, const Tile& tile) {
    const int64_t height = a.x.dims[1], width = a.x.dims[2];
    const int64_t seenHeight = a.resizeH ? a.resizeH : height, seenWidth = a.resizeH ? a.resizeW : width;
    int64_t columns[kInSide];
    for (int64_t i = 0; i < kInSide; ++i) {
      int64_t x = tile.x - a.padLeft + i;
      columns[i] = x < 0 || x >= seenWidth ? -1 : seenWidth == width ? x : x * width / seenWidth;
    }
    for (int64_t j = 0; j < kInSide; ++j) {
      int64_t y = tile.y - a.padTop + j;
      bool inside = y >= 0 && y < seenHeight;
      if (seenHeight != height) y = y * height / seenHeight;
      const float* row = a.x.f32() + (tile.sample * height + (inside ? y : 0)) * width * a.x.rowStride;
      for (int64_t i = 0; i < kInSide; ++i) {
        bool read = inside && columns[i] >= 0;
        pixels[j * kInSide + i] = read ? row + columns[i] * a.x.rowStride : kZeros;
        masks[j * kInSide + i] = read ? -1 : 0;
      }
    }
  }
};

// Channels c0..c1 of a patch, transformed; element (position, c) goes to
// out[position * stride + (c - c0) / kLanes * kTileRows * kLanes + (c - c0) % kLanes].
void transformPatch(const Patch& patch, int64_t c0, int64_t c1, float* out, int64_t stride) {
  for (int64_t c = c0; c < c1; c += kLanes, out += kTileRows * kLanes) {
    int width = int(minOf(kLanes, c1 - c));
    Vec turned[kInSide][kInSide];
    for (int x = 0; x < kInSide; ++x) {
      Vec d[kInSide], column[kInSide];
#pragma GCC unroll 6
      for (int y = 0; y < kInSide; ++y) {
        const float* from = patch.pixels[y * kInSide + x] + (c & patch.masks[y * kInSide + x]);
        d[y] = width == kLanes ? load(from) : loadPart(from, width);
      }
      transformInput(d, column);
#pragma GCC unroll 6
      for (int y = 0; y < kInSide; ++y) turned[y][x] = column[y];
    }
    for (int y = 0; y < kInSide; ++y) {
      Vec row[kInSide];
      transformInput(turned[y], row);
#pragma GCC unroll 6
      for (int x = 0; x < kInSide; ++x) store(out + (y * kInSide + x) * stride, row[x]);
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

// Channels c0..c1 of a panel, transformed: element (position, c, column) to out[position * stride + (c - c0) * kPanel + column].
template <class Weights>
void transformPanelAs(const PackedPanels& panels, int64_t panel, int vectors, int64_t channels, int64_t c0, int64_t c1, float* out,
                      int64_t stride) {
  const Weights weights(panels, panel);
  for (int64_t c = c0; c < c1; ++c, out += kPanel) {
    for (int v = 0; v < vectors; ++v) {
      Vec turned[kInSide][3];
#pragma GCC unroll 3
      for (int x = 0; x < 3; ++x) {
        Vec g[3], column[kInSide];
#pragma GCC unroll 3
        for (int y = 0; y < 3; ++y) g[y] = weights.get((y * 3 + x) * channels + c, v * kLanes);
        transformFilter(g, column);
#pragma GCC unroll 6
        for (int y = 0; y < kInSide; ++y) turned[y][x] = column[y];
      }
#pragma GCC unroll 6
      for (int y = 0; y < kInSide; ++y) {
        Vec row[kInSide];
        transformFilter(turned[y], row);
#pragma GCC unroll 6
        for (int x = 0; x < kInSide; ++x) store(out + (y * kInSide + x) * stride + v * kLanes, row[x]);
      }
    }
  }
}

void transformPanel(const PackedPanels& panels, int64_t panel, int vectors, int64_t channels, int64_t c0, int64_t c1, float* out,
                    int64_t stride) {
  auto transform = panels.bytes()                       ? transformPanelAs<ByteWeights>
                   : panels.weight.dtype == DType::f16  ? transformPanelAs<StoredWeights<DType::f16>>
                   : panels.weight.dtype == DType::bf16 ? transformPanelAs<StoredWeights<DType::bf16>>
                                                        : transformPanelAs<StoredWeights<DType::f32>>;
  transform(panels, panel, vectors, channels, c0, c1, out, stride);
}

// c[R, kPanel] (+)= a * b over k channels. a: element (k, r) at (k / kLanes * kTileRows + r) * kLanes + k % kLanes.
template <int R, int V>
void multiply(const float* a, const float* b, int64_t k, float* c, bool accumulate) {
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
        for (int v = 0; v < V; ++v) sum[r][v] += x * column[v];
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

template <int R>
MultiplyFn pick(int rows, int vectors) {
  if constexpr (R > 1)
    if (rows < R) return pick<R - 1>(rows, vectors);
  return vectors == 1 ? multiply<R, 1> : multiply<R, 2>;
}

// From products, position by position kTileRows * kPanel apart, to the pixels of a tile.
void finishTile(const Conv2dArgs& args, const Epilogue& epilogue, const Tile& tile, const float* products, int64_t column, int vectors) {
  alignas(64) float pixels[kOutSide * kOutSide * kPanel];
  for (int v = 0; v < vectors; ++v) {
    Vec turned[kOutSide][kInSide];
    for (int x = 0; x < kInSide; ++x) {
      Vec m[kInSide], sums[kOutSide];
#pragma GCC unroll 6
      for (int y = 0; y < kInSide; ++y) m[y] = load(products + (y * kInSide + x) * kTileRows * kPanel + v * kLanes);
      transformOutput(m, sums);
#pragma GCC unroll 4
      for (int y = 0; y < kOutSide; ++y) turned[y][x] = sums[y];
    }
    for (int y = 0; y < kOutSide; ++y) {
      Vec row[kOutSide];
      transformOutput(turned[y], row);
#pragma GCC unroll 4
      for (int x = 0; x < kOutSide; ++x) store(pixels + (y * kOutSide + x) * kPanel + v * kLanes, row[x]);
    }
  }
  const int64_t height = args.out.dims[1], width = args.out.dims[2];
  int64_t rows = minOf(kOutSide, height - tile.y);
  int columns = int(minOf(kOutSide, width - tile.x));
  for (int64_t y = 0; y < rows; ++y)
    epilogue.apply(pixels + y * kOutSide * kPanel, (tile.sample * height + tile.y + y) * width + tile.x, columns, column);
}

// Into how many tasks the groups of a block are cut for each panel: more balance better, each transforms the panel's weights again.
int64_t sharesOf(const Layout& l, int64_t groups, int threads) {
  int64_t least = ceilDiv(groups, l.taskGroups), best = least;
  double bestTime = 0;
  for (int64_t shares = least; shares <= minOf(groups, least + threads); ++shares) {
    double time = double(ceilDiv(l.panels * shares, threads)) * (double(ceilDiv(groups, shares) * kTileRows) + 3);
    if (bestTime == 0 || time < bestTime) bestTime = time, best = shares;
  }
  return best;
}

}  // namespace

bool winogradFits(const Conv2dArgs& args) {
  return args.kernelH == 3 && args.kernelW == 3 && args.strideH == 1 && args.strideW == 1;
}

bool winogradPays(const Conv2dArgs& args) {
  Layout l = layoutOf(args);
  double tiles = double(l.tilesY * l.tilesX), pixels = double(args.out.dims[1] * args.out.dims[2]);
  double in = double(args.x.dims[3]), out = double(args.weight.n);
  // In multiply-adds, transforms at the time they were measured to take (AVX-512 and AVX2 of Zen 4). It must win by a fifth: it is the
  // less accurate, and layers of few channels wait for memory either way.
  double direct = 9 * pixels * in * out;
  double transformed = kPositions * (tiles + 3) * in * out + 250 * tiles * (in + out);
  return 1.2 * transformed < direct;
}

size_t winogradScratch(const Conv2dArgs& args, int threads) {
  Layout l = layoutOf(args);
  return size_t(roundUp(ceilDiv(l.sharedFloats(), threads) + l.privateFloats(), 16)) * sizeof(float);
}

void winograd(const Conv2dArgs& args, const Epilogue& epilogue, Scratch scratch, ThreadPool& pool) {
  const Layout l = layoutOf(args);
  const PackedPanels panels(args.weight);
  float* shared = static_cast<float*>(scratch.data);
  float* own = shared + l.sharedFloats();
  for (int64_t block = 0; block < l.blocks; ++block) {
    const Groups groups(l, block);
    parallel(pool, groups.count * l.depthBlocks, [&](int64_t task, int) {
      int64_t group = task / l.depthBlocks, c0 = task % l.depthBlocks * l.depth, c1 = minOf(l.channels, c0 + l.depth);
      float* out = shared + task * l.groupFloats();
      for (int64_t tile = groups.tileOf(group); tile < groups.tileOf(group + 1); ++tile, out += kLanes)
        transformPatch(Patch(args, Tile(l, tile)), c0, c1, out, l.depth * kTileRows);
    });
    const int64_t shares = sharesOf(l, groups.count, pool.threads());
    parallel(pool, l.panels * shares, [&](int64_t task, int thread) {
      int64_t panel = task / shares, share = task % shares;
      int64_t first = share * groups.count / shares, last = (share + 1) * groups.count / shares;
      int vectors = args.weight.n - panel * kPanel > kLanes ? 2 : 1;
      float* weights = own + thread * l.privateFloats();
      float* products = weights + kPositions * l.weightStride();
      for (int64_t kb = 0; kb < l.depthBlocks; ++kb) {
        int64_t c0 = kb * l.depth, c1 = minOf(l.channels, c0 + l.depth);
        transformPanel(panels, panel, vectors, l.channels, c0, c1, weights, l.weightStride());
        for (int64_t position = 0; position < kPositions; ++position)
          for (int64_t group = first; group < last; ++group) {
            const float* a = shared + (group * l.depthBlocks + kb) * l.groupFloats() + position * l.depth * kTileRows;
            float* c = products + (group - first) * kGroupSums + position * kTileRows * kPanel;
            int rows = int(groups.tileOf(group + 1) - groups.tileOf(group));
            pick<kTileRows>(rows, vectors)(a, weights + position * l.weightStride(), c1 - c0, c, kb > 0);
          }
      }
      for (int64_t group = first; group < last; ++group) {
        const float* from = products + (group - first) * kGroupSums;
        for (int64_t tile = groups.tileOf(group); tile < groups.tileOf(group + 1); ++tile, from += kPanel)
          finishTile(args, epilogue, Tile(l, tile), from, panel * kPanel, vectors);
      }
    });
  }
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
