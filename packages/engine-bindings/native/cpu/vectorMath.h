// Elementary functions on vectors, in fp32.
#pragma once
#include "simd.h"

namespace patchbay {
namespace PATCHBAY_ISA {

constexpr float kRound = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer that then stands in the low bits

// 2^x for x <= 0 (and up to 127); below -126 it is 2^-126. Relative error 1e-7; NaN stays NaN.
// The polynomial is a minimax fit of 2^f on [-1/2, 1/2] (1.9e-9).
PATCHBAY_INLINE Vec exp2Fast(Vec x) {
  x = maxFast(splat(-126.0f), x);
  Vec t = x + kRound;
  Vec f = x - (t - kRound);
  Vec p = splat(1.534580194e-04f);
  p = p * f + 1.339993114e-03f;
  p = p * f + 9.618488995e-03f;
  p = p * f + 5.550328777e-02f;
  p = p * f + 2.402264689e-01f;
  p = p * f + 6.931472057e-01f;
  p = p * f + 1.0f;
  return asFloat(asInt(p) + (asInt(t) << 23));
}

// e^x for x in [-87.3, 88.7]; beyond, the value at the nearer end; NaN stays NaN. Relative error 1e-7.
// Argument reduction and polynomial as in Cephes expf (S. L. Moshier).
PATCHBAY_INLINE Vec expClamped(Vec x) {
  x = maxFast(splat(-87.33654f), minFast(splat(88.72283f), x));
  Vec t = x * 1.44269504088896341f + kRound;
  Vec n = t - kRound;
  Vec r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  Vec p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  return asFloat(asInt(p) + (asInt(t) << 23));
}

// e^x everywhere; results below the smallest normal number are 0.
PATCHBAY_INLINE Vec expFull(Vec x) {
  Vec y = expClamped(x);
  y = select(x < splat(-87.33654f), splat(0.0f), y);
  return select(x > splat(88.72283f), splat(__builtin_inff()), y);
}

// Natural logarithm: -inf at 0, NaN below it. Relative error 1e-7. Polynomial as in Cephes logf.
PATCHBAY_INLINE Vec logFull(Vec x) {
  IVec tiny = x < splat(1.17549435e-38f);
  Vec scaled = select(tiny, x * 8388608.0f, x);
  IVec bits = asInt(scaled);
  IVec exponent = ((bits >> 23) & 0xff) - 126;
  Vec m = asFloat((bits & 0x007fffff) | 0x3f000000);  // in [1/2, 1)
  IVec low = m < splat(0.707106781186547524f);
  Vec e = __builtin_convertvector(exponent + low - (tiny & 23), Vec);  // a true mask is -1
  m = select(low, m + m, m) - 1.0f;
  Vec z = m * m;
  Vec p = splat(7.0376836292e-2f);
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  Vec y = p * m * z + e * -2.12194440e-4f - 0.5f * z;
  y = m + y + e * 0.693359375f;
  Vec infinity = splat(__builtin_inff());
  y = select(x == infinity, x, y);
  y = select(x == splat(0.0f), -infinity, y);
  return select((x < splat(0.0f)) | (x != x), splat(__builtin_nanf("")), y);
}

// Error function, absolute error 1e-7: x * P(x^2) below 1, 1 - exp(-Q(x)) above. P and Q are minimax fits (1.2e-9, 1.6e-9).
PATCHBAY_INLINE Vec errorFunction(Vec x) {
  Vec a = asFloat(asInt(x) & 0x7fffffff);
  Vec t = a * a;
  Vec p = splat(7.889115043e-05f);
  p = p * t - 8.020839935e-04f;
  p = p * t + 5.189535188e-03f;
  p = p * t - 2.685444451e-02f;
  p = p * t + 1.128360017e-01f;
  p = p * t - 3.761262714e-01f;
  p = p * t + 1.128379166e+00f;
  Vec c = minFast(splat(4.0f), a);  // erf(4) is 1 in fp32
  Vec q = splat(-1.970717051e-04f);
  q = q * c + 3.054618263e-03f;
  q = q * c - 2.227347157e-02f;
  q = q * c + 1.040304803e-01f;
  q = q * c + 6.370669471e-01f;
  q = q * c + 1.127745638e+00f;
  q = q * c + 1.783681933e-04f;
  Vec y = select(a < splat(1.0f), a * p, 1.0f - expClamped(-q));
  return asFloat(asInt(y) | (asInt(x) & (int32_t)0x80000000));
}

PATCHBAY_INLINE Vec sigmoid(Vec x) { return 1.0f / (1.0f + expClamped(-x)); }

// |x| < 0.625: an odd polynomial (Cephes tanhf); above: 1 - 2 / (e^2|x| + 1).
PATCHBAY_INLINE Vec tanhFull(Vec x) {
  Vec a = asFloat(asInt(x) & 0x7fffffff);
  Vec t = x * x;
  Vec p = splat(-5.70498872745e-3f);
  p = p * t + 2.06390887954e-2f;
  p = p * t - 5.37397155531e-2f;
  p = p * t + 1.33314422036e-1f;
  p = p * t - 3.33332819422e-1f;
  Vec small = p * t * x + x;
  Vec large = 1.0f - 2.0f / (expClamped(a + a) + 1.0f);
  large = asFloat(asInt(large) | (asInt(x) & (int32_t)0x80000000));
  return select(a < splat(0.625f), small, large);
}

PATCHBAY_INLINE Vec silu(Vec x) { return x / (1.0f + expClamped(-x)); }
PATCHBAY_INLINE Vec gelu(Vec x) { return 0.5f * x * (1.0f + errorFunction(x * 0.70710678118654752f)); }
PATCHBAY_INLINE Vec quickGelu(Vec x) { return x / (1.0f + expClamped(x * -1.702f)); }

template <Activation activation>
PATCHBAY_INLINE Vec activate(Vec x) {
  if (activation == Activation::silu) return silu(x);
  if (activation == Activation::gelu) return gelu(x);
  if (activation == Activation::quickGelu) return quickGelu(x);
  return x;
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
