// Weights from their file layout into panels, and half types into fp32. Sources may be unaligned: they lie in mapped files.
#include "kernels.h"
#include "quantise.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

// One panel: destination[k][kPanel] with k = tap * channels + c. Walks the channels in blocks that fit the first-level cache.
template <class T>
void packPanel(const MatrixSource& s, int64_t panel, T* destination) {
  const char* base = static_cast<const char*>(s.data);
  int64_t first = firstColumn(s, panel), columns = minOf(kPanel, s.n - first);
  constexpr int64_t kBlock = 32;
  for (int64_t c0 = 0; c0 < s.channels; c0 += kBlock) {
    int64_t c1 = minOf(s.channels, c0 + kBlock);
    for (int64_t tap = 0; tap < s.taps; ++tap) {
      T* to = destination + tap * s.channels * kPanel;
      if (s.strideN == 1) {
        for (int64_t c = c0; c < c1; ++c) {
          int64_t from = first + tap * s.strideTap + c * s.strideC;
          for (int64_t n = 0; n < columns; ++n) to[c * kPanel + n] = get<T>(base, from + n);
        }
      } else {
        for (int64_t n = 0; n < columns; ++n) {
          int64_t from = (first + n) * s.strideN + tap * s.strideTap;
          for (int64_t c = c0; c < c1; ++c) to[c * kPanel + n] = get<T>(base, from + c * s.strideC);
        }
      }
      for (int64_t c = c0; c < c1; ++c)
        for (int64_t n = columns; n < kPanel; ++n) to[c * kPanel + n] = 0;
    }
  }
}

}  // namespace

size_t packedBytes(int64_t n, int64_t k, DType dtype) { return size_t(roundUp(n, kPanel)) * size_t(k) * byteSize(dtype); }

void pack(const MatrixSource& source, void* destination, ThreadPool& pool) {
  int64_t k = source.taps * source.channels;
  parallel(pool, ceilDiv(source.n, kPanel), [&](int64_t panel, int) {
    if (byteSize(source.dtype) == 2)
      packPanel(source, panel, static_cast<uint16_t*>(destination) + panel * k * kPanel);
    else
      packPanel(source, panel, static_cast<uint32_t*>(destination) + panel * k * kPanel);
  });
}

size_t packedAsBytes(int64_t n, int64_t k, DType) {
  return size_t(roundUp(n, kPanel)) * size_t(k + ceilDiv(k, kByteBlock) * int64_t(sizeof(float)));
}

void packAsBytes(const MatrixSource& source, void* destination, ThreadPool& pool) {
  const int64_t k = source.taps * source.channels, panelBytes = int64_t(packedAsBytes(kPanel, k, source.dtype));
  parallel(pool, ceilDiv(source.n, kPanel), [&](int64_t panel, int) {
    int8_t* bytes = static_cast<int8_t*>(destination) + panel * panelBytes;
    float* scales = reinterpret_cast<float*>(bytes + k * kPanel);
    quantisePanel(source, panel, [&](int64_t block, const QuantisedBlock& q) {
      for (int v = 0; v < 2; ++v) {
        store(scales + block * kPanel + v * kLanes, q.scale[v]);
        for (int64_t i = 0; i < minOf(kByteBlock, k - block * kByteBlock); ++i) {
          BVec narrow = __builtin_convertvector(q.values[i][v], BVec);
          __builtin_memcpy(bytes + (block * kByteBlock + i) * kPanel + v * kLanes, &narrow, sizeof narrow);
        }
      }
    });
  });
}

template <DType dtype>
static void widenAs(const void* source, float* destination, int64_t count) {
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(destination + i, loadAs<dtype>(source, i));
  if (i == count) return;
  uint16_t rest[kLanes] = {};
  __builtin_memcpy(rest, static_cast<const char*>(source) + i * 2, size_t(count - i) * 2);
  storePart(destination + i, loadAs<dtype>(rest, 0), int(count - i));
}

void widen(const void* source, DType dtype, float* destination, int64_t count) {
  if (dtype == DType::f16) return widenAs<DType::f16>(source, destination, count);
  if (dtype == DType::bf16) return widenAs<DType::bf16>(source, destination, count);
  __builtin_memcpy(destination, source, size_t(count) * 4);
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
