// Views of tensors as the kernels see them. No Node, no CUDA.
#pragma once
#include <cstddef>
#include <cstdint>

namespace patchbay {

enum class DType : uint8_t { f32, f16, bf16, i32 };  // order: DTYPES in src/opTable.ts

inline size_t byteSize(DType t) { return t == DType::f16 || t == DType::bf16 ? 2 : 4; }

constexpr int kMaxRank = 6;

// A dense array whose rows (all dimensions but the last, flattened) start rowStride elements apart.
struct View {
  void* data = nullptr;
  DType dtype = DType::f32;
  int rank = 0;
  int64_t dims[kMaxRank] = {};
  int64_t rowStride = 0;

  float* f32() const { return static_cast<float*>(data); }
  int64_t last() const { return rank ? dims[rank - 1] : 1; }
  int64_t rows() const {
    int64_t n = 1;
    for (int i = 0; i + 1 < rank; ++i) n *= dims[i];
    return n;
  }
  int64_t count() const { return rows() * last(); }
  bool contiguous() const { return rowStride == last() || rows() == 1; }
  explicit operator bool() const { return data != nullptr; }
};

enum class Activation : int32_t { none, silu, gelu, quickGelu };  // order: ACTIVATIONS in src/opTable.ts

}  // namespace patchbay
