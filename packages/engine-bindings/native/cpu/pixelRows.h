// How a convolution that is an indirect matrix product reads its input.
#pragma once
#include "gemm.h"

namespace patchbay {
namespace PATCHBAY_ISA {

static const float kZeros[kLanes] = {};

// Rows of the matrix that a convolution multiplies: output pixels, whose taps are gathered from wherever they lie. Pack is packRows, for
// kUnit channels a step.
template <auto pack_, int64_t kUnit>
struct PixelRows {
  const float* x;
  int64_t height, width, channels, pixelStride;  // of x as it lies in memory
  int64_t seenHeight, seenWidth;                 // after the resize
  int64_t outHeight, outWidth;
  int64_t kernelW, strideH, strideW, padTop, padLeft;

  explicit PixelRows(const Conv2dArgs& a)
      : x(a.x.f32()), height(a.x.dims[1]), width(a.x.dims[2]), channels(a.x.dims[3]), pixelStride(a.x.rowStride),
        seenHeight(a.resizeH ? a.resizeH : height), seenWidth(a.resizeH ? a.resizeW : width), outHeight(a.out.dims[1]),
        outWidth(a.out.dims[2]), kernelW(a.kernelW), strideH(a.strideH), strideW(a.strideW), padTop(a.padTop), padLeft(a.padLeft) {}

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
    const int64_t steps = channels / kUnit;  // of one tap
    for (int64_t k = k0; k < k1;) {
      int64_t c = k % steps, length = minOf(steps - c, k1 - k);
      const float* pixels[kTileStride];
      int64_t masks[kTileStride];
      gather(w, count, k / steps, pixels, masks);
      for (int r = 0; r < count; ++r) pixels[r] += (c * kUnit) & masks[r];
      pack_(destination, kTileStride, pixels, masks, count, length);
      destination += length * kTileStride;
      k += length;
    }
  }
};

using FloatPixelRows = PixelRows<packRows, 1>;

// Up to 4 output channels leave most of a panel empty: they have a kernel of their own.
constexpr int kNarrow = 4;
inline bool isNarrow(const Conv2dArgs& a) { return a.weight.n <= kNarrow && a.x.last() % kLanes == 0 && a.out.rows() > kDirectRows; }

// A 1x1 convolution that skips nothing is a linear layer over pixels.
inline bool isPointwise(const Conv2dArgs& a) {
  bool resized = a.resizeH && (a.resizeH != a.x.dims[1] || a.resizeW != a.x.dims[2]);
  return a.kernelH == 1 && a.kernelW == 1 && a.strideH == 1 && a.strideW == 1 && !resized && !a.padTop && !a.padLeft && !a.padBottom &&
         !a.padRight;
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
