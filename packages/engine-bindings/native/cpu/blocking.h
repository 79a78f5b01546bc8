// The column of blocking.def for the instruction set that the including file is compiled for.
#pragma once

#if defined(__AVX512BF16__)
#define PATCHBAY_BLOCKING(name, generic, neon, avx2, avx512, avx512vnni, avx512bf16) constexpr int name = avx512bf16;
#elif defined(__AVX512VNNI__)
#define PATCHBAY_BLOCKING(name, generic, neon, avx2, avx512, avx512vnni, avx512bf16) constexpr int name = avx512vnni;
#elif defined(__AVX512F__)
#define PATCHBAY_BLOCKING(name, generic, neon, avx2, avx512, avx512vnni, avx512bf16) constexpr int name = avx512;
#elif defined(__AVX2__)
#define PATCHBAY_BLOCKING(name, generic, neon, avx2, avx512, avx512vnni, avx512bf16) constexpr int name = avx2;
#elif defined(__aarch64__)
#define PATCHBAY_BLOCKING(name, generic, neon, avx2, avx512, avx512vnni, avx512bf16) constexpr int name = neon;
#else
#define PATCHBAY_BLOCKING(name, generic, neon, avx2, avx512, avx512vnni, avx512bf16) constexpr int name = generic;
#endif

namespace patchbay {
namespace PATCHBAY_ISA {

#ifdef PATCHBAY_BLOCKING_TABLE  // another table, to be measured
#include PATCHBAY_BLOCKING_TABLE
#else
#include "blocking.def"
#endif

}  // namespace PATCHBAY_ISA
}  // namespace patchbay

#undef PATCHBAY_BLOCKING
