// Winograd convolution F(2x2, 3x3) with products of bf16: an output tile of 2x2 pixels takes 16 multiplications a pair of channels
// instead of 36. Transforms are fp32; what is rounded to bf16 are the transformed input and filter, which gives 1.7 times the error of a
// direct convolution in bf16 (3.9e-3 against 2.4e-3 relative L2 at 320 channels). F(4x4) would give 5 times.
//
// Transforms of Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015, arXiv 1509.09308.
#include "../winograd.h"

#include "../pixelRows.h"
#include "pairs.h"
#include "products.h"

namespace patchbay {

namespace avx512 {
size_t conv2dScratch(const Conv2dArgs&, int threads);
void conv2d(const Conv2dArgs&, Scratch, ThreadPool&);
double winogradCostOf(const Conv2dArgs&);
}  // namespace avx512

namespace PATCHBAY_ISA {
namespace {

struct Tiles2 {
  static constexpr int kOutSide = 2, kInSide = 4, kPositions = 16;
  static constexpr int kUnit = 2;
  static constexpr double kFilterTiles = 2, kTileCost = 70;

  // out = Bt * d
  static PATCHBAY_INLINE void transformInput(const Vec (&d)[kInSide], Vec (&out)[kInSide]) {
    out[0] = d[0] - d[2];
    out[1] = d[1] + d[2];
    out[2] = d[2] - d[1];
    out[3] = d[1] - d[3];
  }
  // out = G * g
  static PATCHBAY_INLINE void transformFilter(const Vec (&g)[3], Vec (&out)[kInSide]) {
    Vec ends = 0.5f * (g[0] + g[2]), middle = 0.5f * g[1];
    out[0] = g[0];
    out[1] = ends + middle;
    out[2] = ends - middle;
    out[3] = g[2];
  }
  // out = At * m
  static PATCHBAY_INLINE void transformOutput(const Vec (&m)[kInSide], Vec (&out)[kOutSide]) {
    out[0] = m[0] + m[1] + m[2];
    out[1] = m[1] - m[2] - m[3];
  }

  static PATCHBAY_INLINE Vec join(const Vec (&v)[2]) { return (Vec)_mm512_cvtne2ps_pbh((__m512)v[1], (__m512)v[0]); }
  static PATCHBAY_INLINE Vec joinColumns(const Vec (&v)[2]) { return joinPairs(v[0], v[1]); }
  static PATCHBAY_INLINE Vec multiplyAdd(Vec sum, Vec x, Vec column) {
    return (Vec)_mm512_dpbf16_ps((__m512)sum, (__m512bh)x, (__m512bh)column);
  }
};

}  // namespace

ConvMethod fastConvolution(const Conv2dArgs& args) {
  if (isNarrow(args) || !winogradFits(args)) return ConvMethod::direct;
  const double direct = 9 * double(args.out.dims[1] * args.out.dims[2] * args.x.dims[3]) * double(args.weight.n) / 2;
  const double pairs = winogradCost<Tiles2>(args), floats = avx512::winogradCostOf(args);
  if (1.1 * (pairs < floats ? pairs : floats) > direct) return ConvMethod::direct;
  return pairs < floats ? ConvMethod::winogradPairs : ConvMethod::winograd;
}

size_t conv2dScratch(const Conv2dArgs& args, int threads) {
  return args.method == ConvMethod::winogradPairs ? winogradScratchBytes<Tiles2>(args, threads) : avx512::conv2dScratch(args, threads);
}

void conv2d(const Conv2dArgs& args, Scratch scratch, ThreadPool& pool) {
  if (args.method != ConvMethod::winogradPairs) return avx512::conv2d(args, scratch, pool);
  if (args.out.rows() && args.weight.n) runWinograd<Tiles2>(args, Epilogue(args), scratch, pool);
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
