// Convolution as an indirect matrix product: the rows are output pixels, and packing gathers their taps from wherever they lie, so
// that no im2col matrix exists (the idea of Dukhan, "The Indirect Convolution Algorithm", 2019). Padding reads a row of zeros.
#include "gemm.h"
#include "kernels.h"

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

  const float* line() const { return nullptr; }

  void pack(float* destination, int64_t row, int count, int64_t k0, int64_t k1) const {
    int64_t sample[kTileStride], top[kTileStride], left[kTileStride];
    int64_t n = row / (outHeight * outWidth), oy = row / outWidth % outHeight, ox = row % outWidth;
    for (int r = 0; r < count; ++r) {
      sample[r] = n, top[r] = oy * strideH - padTop, left[r] = ox * strideW - padLeft;
      if (++ox == outWidth) {
        ox = 0;
        if (++oy == outHeight) oy = 0, ++n;
      }
    }
    bool resized = seenHeight != height || seenWidth != width;
    for (int64_t k = k0; k < k1;) {
      int64_t tap = k / channels, c = k % channels, length = minOf(channels - c, k1 - k);
      int64_t ky = tap / kernelW, kx = tap % kernelW;
      const float* rows[kTileStride];
      int64_t masks[kTileStride];
      for (int r = 0; r < count; ++r) {
        int64_t y = top[r] + ky, px = left[r] + kx;
        if (y < 0 || y >= seenHeight || px < 0 || px >= seenWidth) {
          rows[r] = kZeros, masks[r] = 0;
          continue;
        }
        if (resized) y = y * height / seenHeight, px = px * width / seenWidth;
        rows[r] = x + ((sample[r] * height + y) * width + px) * pixelStride + c, masks[r] = -1;
      }
      packRows(destination, kTileStride, rows, masks, count, length);
      destination += length * kTileStride;
      k += length;
    }
  }
};

// A 1x1 convolution that skips nothing is a linear layer over pixels.
bool isPointwise(const Conv2dArgs& a) {
  bool resized = a.resizeH && (a.resizeH != a.x.dims[1] || a.resizeW != a.x.dims[2]);
  return a.kernelH == 1 && a.kernelW == 1 && a.strideH == 1 && a.strideW == 1 && !resized && !a.padTop && !a.padLeft && !a.padBottom &&
         !a.padRight;
}

}  // namespace

size_t conv2dScratch(const Conv2dArgs& args) {
  return size_t(gemmScratchFloats(args.out.rows(), args.weight.n, args.weight.k, args.weight.dtype != DType::f32)) * sizeof(float);
}

void conv2d(const Conv2dArgs& args, Scratch scratch, ThreadPool& pool) {
  int64_t m = args.out.rows();
  if (m == 0 || args.weight.n == 0) return;
  GemmPlan plan = planGemm(m, args.weight.n, args.weight.k, pool.threads());
  PackedPanels panels{args.weight};
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
  auto scratchOf = [&](int thread) {
    return reinterpret_cast<float*>(static_cast<char*>(scratch.data) + size_t(thread) * scratch.bytesEach);
  };
  if (isPointwise(args)) {
    DenseRows rows{args.x.f32(), args.x.rowStride};
    parallel(pool, plan.tasks(), [&](int64_t task, int thread) { gemmTask(plan, rows, panels, epilogue, task, scratchOf(thread)); });
    return;
  }
  PixelRows rows{args.x.f32(), args.x.dims[1], args.x.dims[2], args.x.dims[3], args.x.rowStride,
                 args.resizeH ? args.resizeH : args.x.dims[1], args.resizeH ? args.resizeW : args.x.dims[2],
                 args.out.dims[1], args.out.dims[2], args.kernelW, args.strideH, args.strideW, args.padTop, args.padLeft};
  parallel(pool, plan.tasks(), [&](int64_t task, int thread) { gemmTask(plan, rows, panels, epilogue, task, scratchOf(thread)); });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
