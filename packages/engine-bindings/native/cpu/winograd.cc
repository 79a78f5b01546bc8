// Winograd convolution F(4x4, 3x3) in fp32: an output tile of 4x4 pixels takes 36 multiplications a pair of channels instead of 144.
//
// out = At * ((G * g * Gt) . (Bt * d * B)) * A for a 3x3 filter g and a 6x6 patch d of the input; "." is the elementwise product (Lavin
// and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015, arXiv 1509.09308).
//
// Interpolation points 0, +-a, +-b and infinity, by the general Toom-Cook construction. With a = 5/8 and b = 3/2 the relative L2 error
// in fp32 is 1.6e-6 at 320 channels of Gaussian values, against 3.6e-6 with the paper's +-1 and +-2 and 1.0e-6 of the direct sum;
// every constant of Bt and At is exact.
#include "winograd.h"

#include "kernels.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

struct Tiles4 {
  static constexpr int kOutSide = 4;             // pixels on a side of an output tile
  static constexpr int kInSide = kOutSide + 2;   // and of the patch under it
  static constexpr int kPositions = kInSide * kInSide;
  static constexpr int kUnit = 1;
  static constexpr double kFilterTiles = 3, kTileCost = 250;

  static constexpr float kA = 0.625f, kB = 1.5f;
  static constexpr float kAA = kA * kA, kBB = kB * kB;
  static constexpr float kSum = kAA + kBB, kProduct = kAA * kBB;

  // out = Bt * d
  static PATCHBAY_INLINE void transformInput(const Vec (&d)[kInSide], Vec (&out)[kInSide]) {
    Vec evenA = d[4] - kBB * d[2], oddA = kA * (d[3] - kBB * d[1]);
    Vec evenB = d[4] - kAA * d[2], oddB = kB * (d[3] - kAA * d[1]);
    out[0] = d[4] + (kProduct * d[0] - kSum * d[2]);
    out[1] = evenA + oddA;
    out[2] = evenA - oddA;
    out[3] = evenB + oddB;
    out[4] = evenB - oddB;
    out[5] = d[5] + (kProduct * d[1] - kSum * d[3]);
  }

  // out = G * g
  static PATCHBAY_INLINE void transformFilter(const Vec (&g)[3], Vec (&out)[kInSide]) {
    constexpr float atZero = 1 / kProduct, atA = 1 / (2 * kAA * (kAA - kBB)), atB = 1 / (2 * kBB * (kBB - kAA));
    Vec evenA = atA * g[0] + (atA * kAA) * g[2], oddA = (atA * kA) * g[1];
    Vec evenB = atB * g[0] + (atB * kBB) * g[2], oddB = (atB * kB) * g[1];
    out[0] = atZero * g[0];
    out[1] = evenA + oddA;
    out[2] = evenA - oddA;
    out[3] = evenB + oddB;
    out[4] = evenB - oddB;
    out[5] = g[2];
  }

  // out = At * m
  static PATCHBAY_INLINE void transformOutput(const Vec (&m)[kInSide], Vec (&out)[kOutSide]) {
    Vec sumA = m[1] + m[2], differenceA = m[1] - m[2], sumB = m[3] + m[4], differenceB = m[3] - m[4];
    out[0] = m[0] + sumA + sumB;
    out[1] = kA * differenceA + kB * differenceB;
    out[2] = kAA * sumA + kBB * sumB;
    out[3] = m[5] + (kA * kAA) * differenceA + (kB * kBB) * differenceB;
  }

  static PATCHBAY_INLINE Vec join(const Vec (&v)[1]) { return v[0]; }
  static PATCHBAY_INLINE Vec joinColumns(const Vec (&v)[1]) { return v[0]; }
  static PATCHBAY_INLINE Vec multiplyAdd(Vec sum, Vec x, Vec column) { return sum + x * column; }
};

}  // namespace

double winogradCostOf(const Conv2dArgs& args) { return winogradCost<Tiles4>(args); }

bool winogradPays(const Conv2dArgs& args) {
  const double direct = 9 * double(args.out.dims[1] * args.out.dims[2] * args.x.dims[3]) * double(args.weight.n);
  // It must win by a fifth: it is the less accurate, and layers of few channels wait for memory either way.
  return 1.2 * winogradCostOf(args) < direct;
}

size_t winogradScratch(const Conv2dArgs& args, int threads) { return winogradScratchBytes<Tiles4>(args, threads); }

void winograd(const Conv2dArgs& args, Scratch scratch, ThreadPool& pool) { runWinograd<Tiles4>(args, Epilogue(args), scratch, pool); }

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
