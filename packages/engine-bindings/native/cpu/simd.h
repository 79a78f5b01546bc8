// Vectors of the instruction set that the including file is compiled for, on the compilers' vector extensions.
// Everything lies in the namespace of its instruction set: no inline function here may be shared by two of them at link time,
// and for the same reason the kernels use no templates of the standard library.
#pragma once
#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // g++ 12 warns about its own AVX-512 header
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#include "../core/tensor.h"
#include "blocking.h"

#if defined(__AVX512F__)
#define PATCHBAY_LANES 16
#elif defined(__AVX2__)
#define PATCHBAY_LANES 8
#else
#define PATCHBAY_LANES 4
#endif

namespace patchbay {
namespace PATCHBAY_ISA {

constexpr int kLanes = PATCHBAY_LANES;
constexpr int kPanel = 2 * kLanes;  // columns of a weight panel
constexpr int kTileStride = (kTileRows + kLanes - 1) / kLanes * kLanes;  // floats from one k to the next in packed rows

typedef float Vec __attribute__((vector_size(PATCHBAY_LANES * 4)));
typedef int32_t IVec __attribute__((vector_size(PATCHBAY_LANES * 4)));
typedef uint16_t HVec __attribute__((vector_size(PATCHBAY_LANES * 2)));
typedef int8_t BVec __attribute__((vector_size(PATCHBAY_LANES)));

PATCHBAY_INLINE int64_t minOf(int64_t a, int64_t b) { return a < b ? a : b; }
PATCHBAY_INLINE int64_t maxOf(int64_t a, int64_t b) { return a > b ? a : b; }
PATCHBAY_INLINE int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }
PATCHBAY_INLINE int64_t roundUp(int64_t a, int64_t b) { return ceilDiv(a, b) * b; }

PATCHBAY_INLINE Vec load(const float* p) {
  Vec v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
PATCHBAY_INLINE void store(float* p, Vec v) { __builtin_memcpy(p, &v, sizeof v); }
PATCHBAY_INLINE Vec splat(float x) { return x - Vec{}; }
PATCHBAY_INLINE IVec splatInt(int32_t x) { return x - IVec{}; }
PATCHBAY_INLINE IVec asInt(Vec v) { return (IVec)v; }
PATCHBAY_INLINE Vec asFloat(IVec v) { return (Vec)v; }

// The first n lanes of p, the others 0; reads nothing beyond them.
PATCHBAY_INLINE Vec loadPart(const float* p, int n) {
#if defined(__AVX512F__)
  return (Vec)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
#elif defined(__AVX2__)
  return (Vec)_mm256_maskload_ps(p, _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)));
#else
  Vec v = {};
  for (int i = 0; i < n; ++i) v[i] = p[i];
  return v;
#endif
}
PATCHBAY_INLINE void storePart(float* p, Vec v, int n) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v);
#elif defined(__AVX2__)
  _mm256_maskstore_ps(p, _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)), (__m256)v);
#else
  for (int i = 0; i < n; ++i) p[i] = v[i];
#endif
}

// mask lanes are all ones or all zeros.
PATCHBAY_INLINE Vec select(IVec mask, Vec a, Vec b) {
#if defined(__clang__)
  return asFloat((mask & asInt(a)) | (~mask & asInt(b)));
#else
  return mask ? a : b;
#endif
}

// Larger of two; when either is NaN, b (the rule of x86's maxps).
PATCHBAY_INLINE Vec maxFast(Vec a, Vec b) {
#if defined(__AVX512F__)
  return (Vec)_mm512_max_ps((__m512)a, (__m512)b);
#elif defined(__AVX2__)
  return (Vec)_mm256_max_ps((__m256)a, (__m256)b);
#elif defined(__SSE2__)
  return (Vec)_mm_max_ps((__m128)a, (__m128)b);
#else
  return select(a > b, a, b);
#endif
}
PATCHBAY_INLINE Vec minFast(Vec a, Vec b) {
#if defined(__AVX512F__)
  return (Vec)_mm512_min_ps((__m512)a, (__m512)b);
#elif defined(__AVX2__)
  return (Vec)_mm256_min_ps((__m256)a, (__m256)b);
#elif defined(__SSE2__)
  return (Vec)_mm_min_ps((__m128)a, (__m128)b);
#else
  return select(a < b, a, b);
#endif
}
// A NaN in either operand is kept.
PATCHBAY_INLINE Vec maxNan(Vec a, Vec b) { return select((a > b) | (a != a), a, b); }
PATCHBAY_INLINE Vec minNan(Vec a, Vec b) { return select((a < b) | (a != a), a, b); }

PATCHBAY_INLINE Vec squareRoot(Vec v) {
#if defined(__AVX512F__)
  return (Vec)_mm512_sqrt_ps((__m512)v);
#elif defined(__AVX2__)
  return (Vec)_mm256_sqrt_ps((__m256)v);
#elif defined(__SSE2__)
  return (Vec)_mm_sqrt_ps((__m128)v);
#else
  for (int i = 0; i < kLanes; ++i) v[i] = __builtin_sqrtf(v[i]);
  return v;
#endif
}

// The nearest integer, ties to even, for |v| < 2^22.
PATCHBAY_INLINE IVec roundToInt(Vec v) {
#if defined(__AVX512F__)
  return (IVec)_mm512_cvtps_epi32((__m512)v);
#elif defined(__AVX2__)
  return (IVec)_mm256_cvtps_epi32((__m256)v);
#elif defined(__SSE2__)
  return (IVec)_mm_cvtps_epi32((__m128)v);
#else
  for (int i = 0; i < kLanes; ++i) v[i] = __builtin_rintf(v[i]);
  return __builtin_convertvector(v, IVec);
#endif
}

// Lanes are added in halves, an order that is the same everywhere.
PATCHBAY_INLINE float sumLanes(Vec v) {
  float t[kLanes];
  store(t, v);
  for (int n = kLanes / 2; n > 0; n /= 2)
    for (int i = 0; i < n; ++i) t[i] += t[i + n];
  return t[0];
}

// bf16 is the upper half of an fp32.
PATCHBAY_INLINE Vec widenBf16(const void* p) {
#if defined(__AVX512F__)
  return (Vec)_mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i*)p)), 16));
#elif defined(__AVX2__)
  return (Vec)_mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i*)p)), 16));
#else
  HVec h;
  __builtin_memcpy(&h, p, sizeof h);
  return asFloat(__builtin_convertvector(h, IVec) << 16);
#endif
}

// Exact for every fp16, denormals, infinities and NaN included.
PATCHBAY_INLINE Vec widenF16(const void* p) {
#if defined(__AVX512F__)
  return (Vec)_mm512_cvtph_ps(_mm256_loadu_si256((const __m256i*)p));
#elif defined(__AVX2__)
  return (Vec)_mm256_cvtph_ps(_mm_loadu_si128((const __m128i*)p));
#else
  HVec h;
  __builtin_memcpy(&h, p, sizeof h);
  IVec bits = __builtin_convertvector(h, IVec);
  IVec sign = (bits & 0x8000) << 16;
  IVec shifted = (bits & 0x7fff) << 13;
  // Seen as an fp32 it is too small by 2^112; the product is exact and lifts denormals too. Infinity and NaN want the full exponent.
  Vec value = asFloat(shifted) * splat(0x1p112f);
  IVec special = (bits & 0x7c00) == 0x7c00;
  return asFloat(asInt(select(special, asFloat(shifted | 0x7f800000), value)) | sign);
#endif
}

// kLanes signed bytes.
PATCHBAY_INLINE Vec widenBytes(const void* base, int64_t index) {
  const int8_t* p = static_cast<const int8_t*>(base) + index;
#if defined(__AVX512F__)
  return (Vec)_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i*)p)));
#elif defined(__AVX2__)
  return (Vec)_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i*)p)));
#else
  BVec b;
  __builtin_memcpy(&b, p, sizeof b);
  return __builtin_convertvector(b, Vec);
#endif
}

template <DType dtype>
PATCHBAY_INLINE Vec loadAs(const void* base, int64_t index) {
  if (dtype == DType::f16) return widenF16(static_cast<const uint16_t*>(base) + index);
  if (dtype == DType::bf16) return widenBf16(static_cast<const uint16_t*>(base) + index);
  return load(static_cast<const float*>(base) + index);
}

// kLanes rows of kLanes floats, turned in registers.
PATCHBAY_INLINE void transpose(Vec (&r)[kLanes]) {
#if defined(__AVX512F__)
  __m512 t[16];
  for (int i = 0; i < 16; i += 4) {
    __m512 a = _mm512_unpacklo_ps((__m512)r[i], (__m512)r[i + 1]), b = _mm512_unpackhi_ps((__m512)r[i], (__m512)r[i + 1]);
    __m512 c = _mm512_unpacklo_ps((__m512)r[i + 2], (__m512)r[i + 3]), d = _mm512_unpackhi_ps((__m512)r[i + 2], (__m512)r[i + 3]);
    t[i] = _mm512_shuffle_ps(a, c, 0x44);
    t[i + 1] = _mm512_shuffle_ps(a, c, 0xee);
    t[i + 2] = _mm512_shuffle_ps(b, d, 0x44);
    t[i + 3] = _mm512_shuffle_ps(b, d, 0xee);
  }
  for (int i = 0; i < 4; ++i) {
    __m512 a = _mm512_shuffle_f32x4(t[i], t[i + 4], 0x88), b = _mm512_shuffle_f32x4(t[i + 8], t[i + 12], 0x88);
    __m512 c = _mm512_shuffle_f32x4(t[i], t[i + 4], 0xdd), d = _mm512_shuffle_f32x4(t[i + 8], t[i + 12], 0xdd);
    r[i] = (Vec)_mm512_shuffle_f32x4(a, b, 0x88);
    r[i + 4] = (Vec)_mm512_shuffle_f32x4(c, d, 0x88);
    r[i + 8] = (Vec)_mm512_shuffle_f32x4(a, b, 0xdd);
    r[i + 12] = (Vec)_mm512_shuffle_f32x4(c, d, 0xdd);
  }
#elif defined(__AVX2__)
  __m256 t[8];
  for (int i = 0; i < 8; i += 4) {
    __m256 a = _mm256_unpacklo_ps((__m256)r[i], (__m256)r[i + 1]), b = _mm256_unpackhi_ps((__m256)r[i], (__m256)r[i + 1]);
    __m256 c = _mm256_unpacklo_ps((__m256)r[i + 2], (__m256)r[i + 3]), d = _mm256_unpackhi_ps((__m256)r[i + 2], (__m256)r[i + 3]);
    t[i] = _mm256_shuffle_ps(a, c, 0x44);
    t[i + 1] = _mm256_shuffle_ps(a, c, 0xee);
    t[i + 2] = _mm256_shuffle_ps(b, d, 0x44);
    t[i + 3] = _mm256_shuffle_ps(b, d, 0xee);
  }
  for (int i = 0; i < 4; ++i) {
    r[i] = (Vec)_mm256_permute2f128_ps(t[i], t[i + 4], 0x20);
    r[i + 4] = (Vec)_mm256_permute2f128_ps(t[i], t[i + 4], 0x31);
  }
#else
#if defined(__clang__)
#define PATCHBAY_SHUFFLE(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l)
#else
#define PATCHBAY_SHUFFLE(a, b, i, j, k, l) __builtin_shuffle(a, b, (IVec{i, j, k, l}))
#endif
  Vec a = PATCHBAY_SHUFFLE(r[0], r[1], 0, 4, 1, 5), b = PATCHBAY_SHUFFLE(r[0], r[1], 2, 6, 3, 7);
  Vec c = PATCHBAY_SHUFFLE(r[2], r[3], 0, 4, 1, 5), d = PATCHBAY_SHUFFLE(r[2], r[3], 2, 6, 3, 7);
  r[0] = PATCHBAY_SHUFFLE(a, c, 0, 1, 4, 5);
  r[1] = PATCHBAY_SHUFFLE(a, c, 2, 3, 6, 7);
  r[2] = PATCHBAY_SHUFFLE(b, d, 0, 1, 4, 5);
  r[3] = PATCHBAY_SHUFFLE(b, d, 2, 3, 6, 7);
#undef PATCHBAY_SHUFFLE
#endif
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
