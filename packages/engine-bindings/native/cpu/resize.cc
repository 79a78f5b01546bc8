// Resampling of [N, H, W, C]: nearest (source = floor(i * in / out)) or bilinear with half-pixel centres and clamped edges.
#include "elementwise.h"
#include "kernels.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

struct Tap {
  int64_t first, second;
  float weight;  // of the second
};

Tap tapOf(int64_t i, int64_t in, int64_t out) {
  double position = (double(i) + 0.5) * double(in) / double(out) - 0.5;
  if (position < 0) position = 0;
  int64_t first = minOf(int64_t(position), in - 1);
  return {first, minOf(first + 1, in - 1), float(position - double(first))};
}

}  // namespace

void resize(const ResizeArgs& args, ThreadPool& pool) {
  const int64_t height = args.x.dims[1], width = args.x.dims[2], channels = args.x.dims[3];
  const int64_t outHeight = args.out.dims[1], outWidth = args.out.dims[2];
  const int64_t stride = args.x.rowStride, outStride = args.out.rowStride;
  parallel(pool, args.out.dims[0] * outHeight, [&](int64_t task, int) {
    const float* x = args.x.f32() + task / outHeight * height * width * stride;
    float* out = args.out.f32() + task * outWidth * outStride;
    int64_t oy = task % outHeight;
    if (args.mode == 0) {
      const float* row = x + oy * height / outHeight * width * stride;
      for (int64_t ox = 0; ox < outWidth; ++ox)
        mapRow(row + ox * width / outWidth * stride, out + ox * outStride, channels, [](Vec v) { return v; });
      return;
    }
    Tap y = tapOf(oy, height, outHeight);
    const float *top = x + y.first * width * stride, *bottom = x + y.second * width * stride;
    for (int64_t ox = 0; ox < outWidth; ++ox) {
      Tap t = tapOf(ox, width, outWidth);
      float a = (1 - y.weight) * (1 - t.weight), b = (1 - y.weight) * t.weight, c = y.weight * (1 - t.weight), d = y.weight * t.weight;
      const float *p = top + t.first * stride, *q = top + t.second * stride;
      const float *r = bottom + t.first * stride, *s = bottom + t.second * stride;
      float* to = out + ox * outStride;
      int64_t i = 0;
      for (; i + kLanes <= channels; i += kLanes) store(to + i, load(p + i) * a + load(q + i) * b + load(r + i) * c + load(s + i) * d);
      for (; i < channels; ++i) to[i] = p[i] * a + q[i] * b + r[i] * c + s[i] * d;
    }
  });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
