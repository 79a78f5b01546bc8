// Views of tensors as the kernels see them. No Node, no CUDA.
#pragma once
#include <cstddef>
#include <cstdint>

// Always inlined: an out-of-line copy made in a file that is compiled for AVX-512 could be the one the linker keeps for everybody.
#define PATCHBAY_INLINE inline __attribute__((always_inline))

namespace patchbay {

enum class DType : uint8_t { f32, f16, bf16, i32 };  // order: DTYPES in src/opTable.ts

PATCHBAY_INLINE size_t byteSize(DType t) { return t == DType::f16 || t == DType::bf16 ? 2 : 4; }

constexpr int kMaxRank = 6;

// A dense array whose rows (all dimensions but the last, flattened) start rowStride elements apart.
struct View {
  void* data = nullptr;
  DType dtype = DType::f32;
  int rank = 0;
  int64_t dims[kMaxRank] = {};
  int64_t rowStride = 0;

  PATCHBAY_INLINE float* f32() const { return static_cast<float*>(data); }
  PATCHBAY_INLINE int64_t last() const { return rank ? dims[rank - 1] : 1; }
  PATCHBAY_INLINE int64_t rows() const {
    int64_t n = 1;
    for (int i = 0; i + 1 < rank; ++i) n *= dims[i];
    return n;
  }
  PATCHBAY_INLINE int64_t count() const { return rows() * last(); }
  PATCHBAY_INLINE bool contiguous() const { return rowStride == last() || rows() == 1; }
  PATCHBAY_INLINE explicit operator bool() const { return data != nullptr; }
};

enum class Activation : int32_t { none, silu, gelu, quickGelu };  // order: ACTIVATIONS in src/opTable.ts

}  // namespace patchbay
