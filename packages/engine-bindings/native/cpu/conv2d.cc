// Convolution as an indirect matrix product: the rows are output pixels, and packing gathers their taps from wherever they lie, so
// that no im2col matrix exists (the idea of Dukhan, "The Indirect Convolution Algorithm", 2019). Padding reads a row of zeros.
#include "gemm.h"
#include "kernels.h"
#include "winograd.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

const float kZeros[kLanes] = {};

struct PixelRows {
  const float* x;
  int64_t height, width, channels, pixelStride;  // of x as it lies in memory
  int64_t seenHeight, seenWidth;                 // after the resize
  int64_t outHeight, outWidth;
  int64_t kernelW, strideH, strideW, padTop, padLeft;

  // Where the windows of adjacent output pixels begin.
  struct Windows {
    int64_t sample[kTileStride], top[kTileStride], left[kTileStride];
  };
  void windows(int64_t row, int count, Windows* w) const {
    int64_t n = row / (outHeight * outWidth), oy = row / outWidth % outHeight, ox = row % outWidth;
    for (int r = 0; r < count; ++r) {
      w->sample[r] = n, w->top[r] = oy * strideH - padTop, w->left[r] = ox * strideW - padLeft;
      if (++ox == outWidth) {
        ox = 0;
        if (++oy == outHeight) oy = 0, ++n;
      }
    }
  }
  // The input pixels under one tap, and the masks that keep reads of padding at kZeros.
  void gather(const Windows& w, int count, int64_t tap, const float** pixels, int64_t* masks) const {
    int64_t ky = tap / kernelW, kx = tap % kernelW;
    bool resized = seenHeight != height || seenWidth != width;
    for (int r = 0; r < count; ++r) {
      int64_t y = w.top[r] + ky, px = w.left[r] + kx;
      if (y < 0 || y >= seenHeight || px < 0 || px >= seenWidth) {
        pixels[r] = kZeros, masks[r] = 0;
        continue;
      }
      if (resized) y = y * height / seenHeight, px = px * width / seenWidth;
      pixels[r] = x + ((w.sample[r] * height + y) * width + px) * pixelStride, masks[r] = -1;
    }
  }

  const float* line() const { return nullptr; }
  void pack(float* destination, int64_t row, int count, int64_t k0, int64_t k1) const {
    Windows w;
    windows(row, count, &w);
    for (int64_t k = k0; k < k1;) {
      int64_t c = k % channels, length = minOf(channels - c, k1 - k);
      const float* pixels[kTileStride];
      int64_t masks[kTileStride];
      gather(w, count, k / channels, pixels, masks);
      for (int r = 0; r < count; ++r) pixels[r] += c & masks[r];
      packRows(destination, kTileStride, pixels, masks, count, length);
      destination += length * kTileStride;
      k += length;
    }
  }
};

// Up to 4 output channels leave most of a panel empty. Here the lanes run along the input channels instead, kLanes / 4 pixels at once.
constexpr int kNarrow = 4;
constexpr int kNarrowPixels = kLanes / kNarrow;
constexpr int64_t kNarrowTask = 512;  // pixels

bool isNarrow(const Conv2dArgs& a) { return a.weight.n <= kNarrow && a.x.last() % kLanes == 0 && a.out.rows() > kDirectRows; }

// turned[(tap * kNarrow + n) * channels + c]
void turnWeights(const PackedPanels& panels, int64_t channels, float* turned) {
  int64_t k = panels.weight.k, n = panels.weight.n;
  alignas(64) float buffer[kLanes * kPanel];
  for (int64_t first = 0; first < k; first += kLanes) {
    const float* rows = panels.panel(0, first, first + kLanes, buffer);
    float* to = turned + first / channels * kNarrow * channels + first % channels;
    for (int64_t o = 0; o < kNarrow; ++o)
      for (int64_t i = 0; i < kLanes; ++i) to[o * channels + i] = o < n ? rows[i * kPanel + o] : 0.0f;
  }
}

void convolveNarrow(const PixelRows& rows, const float* turned, int64_t taps, const Epilogue& epilogue, int64_t first, int64_t last) {
  alignas(64) float sums[kNarrowPixels * kPanel];
  for (int64_t row = first; row < last; row += kNarrowPixels) {
    int count = int(minOf(kNarrowPixels, last - row));
    PixelRows::Windows w;
    rows.windows(row, count, &w);
    Vec sum[kLanes] = {};
    for (int64_t tap = 0; tap < taps; ++tap) {
      const float* pixels[kNarrowPixels];
      int64_t masks[kNarrowPixels];
      rows.gather(w, count, tap, pixels, masks);
      for (int p = count; p < kNarrowPixels; ++p) pixels[p] = kZeros, masks[p] = 0;
      const float* weights = turned + tap * kNarrow * rows.channels;
      for (int64_t c = 0; c < rows.channels; c += kLanes) {
        Vec column[kNarrow];
#pragma GCC unroll 4
        for (int o = 0; o < kNarrow; ++o) column[o] = load(weights + o * rows.channels + c);
#pragma GCC unroll 4
        for (int p = 0; p < kNarrowPixels; ++p) {
          Vec v = load(pixels[p] + (c & masks[p]));
#pragma GCC unroll 4
          for (int o = 0; o < kNarrow; ++o) sum[p * kNarrow + o] += v * column[o];
        }
      }
    }
    transpose(sum);
    for (int half = kLanes / 2; half > 0; half /= 2)
      for (int i = 0; i < half; ++i) sum[i] += sum[i + half];
    for (int p = 0; p < count; ++p)
      for (int o = 0; o < kNarrow; ++o) sums[p * kPanel + o] = sum[0][p * kNarrow + o];
    epilogue.apply(sums, row, count, 0);
  }
}

// A 1x1 convolution that skips nothing is a linear layer over pixels.
bool isPointwise(const Conv2dArgs& a) {
  bool resized = a.resizeH && (a.resizeH != a.x.dims[1] || a.resizeW != a.x.dims[2]);
  return a.kernelH == 1 && a.kernelW == 1 && a.strideH == 1 && a.strideW == 1 && !resized && !a.padTop && !a.padLeft && !a.padBottom &&
         !a.padRight;
}

bool isWinograd(const Conv2dArgs& a) {
  if (a.method == ConvMethod::direct || !winogradFits(a)) return false;
  return a.method == ConvMethod::winograd || (!isNarrow(a) && winogradPays(a));
}

}  // namespace

size_t conv2dScratch(const Conv2dArgs& args, int threads) {
  if (isWinograd(args)) return winogradScratch(args, threads);
  if (isNarrow(args)) return size_t(args.weight.k * kNarrow) * sizeof(float);
  return size_t(gemmScratchFloats(args.out.rows(), args.weight.n, args.weight.k, args.weight.dtype != DType::f32)) * sizeof(float);
}

void conv2d(const Conv2dArgs& args, Scratch scratch, ThreadPool& pool) {
  int64_t m = args.out.rows();
  if (m == 0 || args.weight.n == 0) return;
  Epilogue epilogue;
  epilogue.bias = args.bias;
  epilogue.sampleAdd = args.channelAdd.f32();
  epilogue.sampleStride = args.channelAdd.rowStride;
  epilogue.rowsPerSample = args.out.dims[1] * args.out.dims[2];
  epilogue.residual = args.residual.f32();
  epilogue.residualStride = args.residual.rowStride;
  epilogue.out = args.out.f32();
  epilogue.outStride = args.out.rowStride;
  epilogue.columns = args.weight.n;
  epilogue.activation = args.activation;
  if (isWinograd(args)) return winograd(args, epilogue, scratch, pool);
  GemmPlan plan = planGemm(m, args.weight.n, args.weight.k, pool.threads());
  PackedPanels panels{args.weight};
  auto scratchOf = [&](int thread) {
    return reinterpret_cast<float*>(static_cast<char*>(scratch.data) + size_t(thread) * scratch.bytesEach);
  };
  if (!isNarrow(args) && isPointwise(args)) {
    DenseRows rows{args.x.f32(), args.x.rowStride};
    parallel(pool, plan.tasks(), [&](int64_t task, int thread) { gemmTask(plan, rows, panels, epilogue, task, scratchOf(thread)); });
    return;
  }
  PixelRows rows{args.x.f32(), args.x.dims[1], args.x.dims[2], args.x.dims[3], args.x.rowStride,
                 args.resizeH ? args.resizeH : args.x.dims[1], args.resizeH ? args.resizeW : args.x.dims[2],
                 args.out.dims[1], args.out.dims[2], args.kernelW, args.strideH, args.strideW, args.padTop, args.padLeft};
  if (isNarrow(args)) {
    parallelRanges(pool, m, kNarrowTask, [&](int64_t first, int64_t last, int thread) {
      turnWeights(panels, rows.channels, scratchOf(thread));
      convolveNarrow(rows, scratchOf(thread), args.kernelH * args.kernelW, epilogue, first, last);
    });
    return;
  }
  parallel(pool, plan.tasks(), [&](int64_t task, int thread) { gemmTask(plan, rows, panels, epilogue, task, scratchOf(thread)); });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
