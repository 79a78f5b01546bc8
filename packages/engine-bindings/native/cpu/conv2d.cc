// Convolution as an indirect matrix product: the rows are output pixels, and packing gathers their taps from wherever they lie, so
// that no im2col matrix exists (the idea of Dukhan, "The Indirect Convolution Algorithm", 2019). Padding reads a row of zeros.
#include "gemm.h"
#include "kernels.h"
#include "pixelRows.h"
#include "winograd.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

// Up to 4 output channels leave most of a panel empty. Here the lanes run along the input channels instead, kLanes / 4 pixels at once.
constexpr int kNarrowPixels = kLanes / kNarrow;
constexpr int64_t kNarrowTask = 512;  // pixels

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

void convolveNarrow(const FloatPixelRows& rows, const float* turned, int64_t taps, const Epilogue& epilogue, int64_t first, int64_t last) {
  alignas(64) float sums[kNarrowPixels * kPanel];
  for (int64_t row = first; row < last; row += kNarrowPixels) {
    int count = int(minOf(kNarrowPixels, last - row));
    FloatPixelRows::Windows w;
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

bool convolvesByWinograd(const Conv2dArgs& a) {
  if (a.method == ConvMethod::direct || !winogradFits(a)) return false;
  return a.method == ConvMethod::winograd || (!isNarrow(a) && winogradPays(a));
}

}  // namespace

size_t conv2dScratch(const Conv2dArgs& args, int threads) {
  if (convolvesByWinograd(args)) return winogradScratch(args, threads);
  if (isNarrow(args)) return size_t(args.weight.k * kNarrow) * sizeof(float);
  return size_t(gemmScratchFloats<PackedPanels>(args.out.rows(), args.weight.n, args.weight.k, PackedPanels(args.weight).widens())) *
         sizeof(float);
}

void conv2d(const Conv2dArgs& args, Scratch scratch, ThreadPool& pool) {
  int64_t m = args.out.rows();
  if (m == 0 || args.weight.n == 0) return;
  if (convolvesByWinograd(args)) return winograd(args, scratch, pool);
  const Epilogue epilogue(args);
  const PackedPanels panels(args.weight);
  const FloatPixelRows rows(args);
  if (isNarrow(args)) {
    parallelRanges(pool, m, kNarrowTask, [&](int64_t first, int64_t last, int thread) {
      float* turned = scratchOf<float>(scratch, thread);
      turnWeights(panels, rows.channels, turned);
      convolveNarrow(rows, turned, args.kernelH * args.kernelW, epilogue, first, last);
    });
    return;
  }
  const GemmPlan plan = planGemm<PackedPanels>(m, args.weight.n, args.weight.k, pool.threads());
  if (isPointwise(args)) return gemm(plan, DenseRows{args.x.f32(), args.x.rowStride}, panels, epilogue, scratch, pool);
  gemm(plan, rows, panels, epilogue, scratch, pool);
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
