// What the kernel tests share: seeded data, strided buffers with guards, and the comparison with double-precision loops.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "../kernelTable.h"

namespace patchbay {
namespace testing {

struct Random {
  uint64_t state;
  explicit Random(uint64_t seed) : state(seed * 0x9e3779b97f4a7c15ull + 1) {}
  uint32_t next() {  // splitmix64
    uint64_t z = (state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return uint32_t(z >> 32);
  }
  float uniform(float low, float high) { return low + (high - low) * float(next() >> 8) * 0x1p-24f; }
};

constexpr float kGuard = 12345.678f;

// A view over its own memory; `gap` floats of guard follow every row.
struct Buffer {
  std::vector<float> memory;
  View view;
  int64_t gap = 0;

  Buffer() = default;
  Buffer(const std::vector<int64_t>& dims, int64_t rowGap = 0) : gap(rowGap) {
    view.rank = int(dims.size());
    for (size_t i = 0; i < dims.size(); ++i) view.dims[i] = dims[i];
    view.rowStride = view.last() + rowGap;
    memory.assign(size_t(view.rows() * view.rowStride), kGuard);
    view.data = memory.data();
  }
  Buffer(const Buffer& other) { *this = other; }
  Buffer& operator=(const Buffer& other) {
    memory = other.memory, view = other.view, gap = other.gap;
    if (view.data) view.data = memory.data();
    return *this;
  }
  float& at(int64_t i) { return memory[size_t(i / view.last() * view.rowStride + i % view.last())]; }
  float at(int64_t i) const { return const_cast<Buffer*>(this)->at(i); }
  Buffer& fill(Random& random, float low = -1, float high = 1) {
    for (int64_t i = 0; i < view.count(); ++i) at(i) = random.uniform(low, high);
    return *this;
  }
  bool guardsHold() const {
    for (size_t i = 0; i < memory.size(); ++i)
      if (int64_t(i) % view.rowStride >= view.last() && memory[i] != kGuard) return false;
    return true;
  }
};

// A weight in a storage type; `value` is what the stored bits mean.
struct Weight {
  DType dtype;
  std::vector<unsigned char> bytes;
  std::vector<double> value;
};
Weight makeWeight(int64_t count, DType dtype, Random& random, float range);
double halfToDouble(uint16_t bits);

const char* nameOf(WeightFormat format);
// What kernels of a format make of k values before they multiply: weights a column, activations a row. `at(i)` is the i-th of them.
void readWeightsAs(WeightFormat format, int64_t k, const std::function<double&(int64_t)>& at);
void readActivationsAs(WeightFormat format, int64_t k, const std::function<double&(int64_t)>& at);
double roundToBf16(double x);

extern int passed, failed;
void report(bool ok, const std::string& name, const std::string& why);

// Expected values with the error each may have.
struct Expected {
  std::vector<double> value, tolerance;
};

// Runs `call` on pools of 1, 2 and 3 threads: output against `expected`, guards whole, all outputs the same bits.
// reset() gives a fresh output buffer (which may share its start with an input, for in-place cases).
void check(const std::string& name, const Expected& expected, const std::function<Buffer()>& reset,
           const std::function<size_t(int threads)>& scratchBytes, const std::function<void(Buffer& out, Scratch, ThreadPool&)>& call);

// The error that fp32 sums of `terms` products, whose squares add up to `squares`, may show.
double sumTolerance(double squares, int64_t terms);

double activate(Activation activation, double x);

void testProducts(const KernelTable& table);
void testConvolutions(const KernelTable& table);
void testAttention(const KernelTable& table);
void testNorms(const KernelTable& table);
void testElementwise(const KernelTable& table);

}  // namespace testing
}  // namespace patchbay
