// Every kernel of every instruction set this machine has, against plain loops in double precision; 1, 2 and 3 threads must agree bit
// for bit. Prints `N passed, N failed` and exits 1 on a failure. An argument runs one instruction set only.
#include <algorithm>
#include <memory>

#include "testing.h"

namespace patchbay {
namespace testing {

int passed = 0, failed = 0;

void report(bool ok, const std::string& name, const std::string& why) {
  if (ok) {
    ++passed;
    return;
  }
  ++failed;
  std::printf("FAILED %s: %s\n", name.c_str(), why.c_str());
}

double halfToDouble(uint16_t bits) {
  int exponent = (bits >> 10) & 31, mantissa = bits & 1023;
  double value = exponent == 0 ? std::ldexp(mantissa, -24) : exponent == 31 ? (mantissa ? NAN : INFINITY) : std::ldexp(1024 + mantissa, exponent - 25);
  return bits & 0x8000 ? -value : value;
}

Weight makeWeight(int64_t count, DType dtype, Random& random, float range) {
  Weight w{dtype, std::vector<unsigned char>(size_t(count) * byteSize(dtype)), std::vector<double>(size_t(count))};
  for (int64_t i = 0; i < count; ++i) {
    float f = random.uniform(-range, range);
    uint32_t bits;
    std::memcpy(&bits, &f, 4);
    if (dtype == DType::f32) {
      std::memcpy(&w.bytes[size_t(i) * 4], &f, 4);
      w.value[size_t(i)] = f;
      continue;
    }
    uint16_t half;
    if (dtype == DType::bf16) {
      half = uint16_t(bits >> 16);
      uint32_t wide = uint32_t(half) << 16;
      std::memcpy(&f, &wide, 4);
      w.value[size_t(i)] = f;
    } else {
      half = uint16_t(random.next());
      // Any exponent up to that of `range`, denormals too.
      half = uint16_t((half & 0x83ff) | (random.next() % (f < 0 ? 2 : 14)) << 10);
      w.value[size_t(i)] = halfToDouble(half);
    }
    std::memcpy(&w.bytes[size_t(i) * 2], &half, 2);
  }
  return w;
}

const char* nameOf(WeightFormat format) {
  const char* names[] = {"stored", "pairs", "bytes", "quads"};
  return names[int(format)];
}

double roundToBf16(double x) {
  float f = float(x);
  uint32_t bits;
  std::memcpy(&bits, &f, 4);
  bits = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000u;
  std::memcpy(&f, &bits, 4);
  return f;
}

namespace {

void quantise(int64_t k, const std::function<double&(int64_t)>& at) {
  for (int64_t first = 0; first < k; first += kByteBlock) {
    int64_t last = std::min(k, first + kByteBlock);
    float most = 0;
    for (int64_t i = first; i < last; ++i) most = std::max(most, std::fabs(float(at(i))));
    float scale = most * (1 / 127.0f), inverse = most > 0 ? 127.0f / most : 0;
    for (int64_t i = first; i < last; ++i) at(i) = std::nearbyint(float(at(i)) * inverse) * scale;
  }
}

}  // namespace

void readWeightsAs(WeightFormat format, int64_t k, const std::function<double&(int64_t)>& at) {
  if (format == WeightFormat::bytes || format == WeightFormat::quads) return quantise(k, at);
  if (format == WeightFormat::pairs)
    for (int64_t i = 0; i < k; ++i) at(i) = roundToBf16(at(i));
}

void readActivationsAs(WeightFormat format, int64_t k, const std::function<double&(int64_t)>& at) {
  if (format == WeightFormat::quads) quantise(k, at);
  else if (format == WeightFormat::pairs) readWeightsAs(format, k, at);
}

double sumTolerance(double squares, int64_t terms) {
  double block = terms < 400 ? double(terms) : 400;  // longer chains are cut into blocks
  return 3e-7 * std::sqrt(squares * block) + 1e-7;
}

double activate(Activation activation, double x) {
  switch (activation) {
    case Activation::silu: return x / (1 + std::exp(-x));
    case Activation::gelu: return 0.5 * x * (1 + std::erf(x * std::sqrt(0.5)));
    case Activation::quickGelu: return x / (1 + std::exp(-1.702 * x));
    case Activation::none: return x;
  }
  return NAN;
}

void check(const std::string& name, const Expected& expected, const std::function<Buffer()>& reset,
           const std::function<size_t(int threads)>& scratchBytes, const std::function<void(Buffer& out, Scratch, ThreadPool&)>& call) {
  Buffer first;
  for (int threads = 1; threads <= 3; ++threads) {
    static std::unique_ptr<ThreadPool> pools[4];
    if (!pools[threads]) pools[threads].reset(new ThreadPool(threads));
    std::string label = name + " threads=" + std::to_string(threads);
    Buffer out = reset();
    size_t each = (scratchBytes(threads) + 63) / 64 * 64, total = each * size_t(threads);
    std::vector<unsigned char> memory(total + 64 + 64, 0xff);  // NaN: scratch is not zeroed
    unsigned char* start = memory.data() + (64 - uintptr_t(memory.data()) % 64) % 64;
    call(out, Scratch{start, each}, *pools[threads]);
    bool intact = true;
    for (unsigned char* p = start + total; p < memory.data() + memory.size(); ++p) intact = intact && *p == 0xff;
    if (!intact) report(false, label, "wrote beyond its scratch");
    if (!out.guardsHold()) report(false, label, "wrote between the rows of its output");
    if (threads == 1) {
      first = out;
      std::string why;
      for (int64_t i = 0; i < out.view.count() && why.empty(); ++i) {
        double got = out.at(i), want = expected.value[size_t(i)], tolerance = expected.tolerance[size_t(i)];
        bool same = std::isnan(want) ? std::isnan(got) : got == want || std::fabs(got - want) <= tolerance;
        if (!same) {
          char text[160];
          std::snprintf(text, sizeof text, "element %lld is %.9g, should be %.9g within %.3g", (long long)i, got, want, tolerance);
          why = text;
        }
      }
      report(why.empty(), label, why);
    } else {
      report(std::memcmp(first.memory.data(), out.memory.data(), out.memory.size() * 4) == 0, label, "differs from one thread");
    }
  }
}

}  // namespace testing
}  // namespace patchbay

int main(int argc, char** argv) {
  using namespace patchbay;
  int count = 0;
  const KernelTable* const* tables = availableKernels(&count);
  for (int i = 0; i < count; ++i) {
    if (argc > 1 && std::strcmp(argv[1], tables[i]->isa) != 0) continue;
    testing::testProducts(*tables[i]);
    testing::testConvolutions(*tables[i]);
    testing::testAttention(*tables[i]);
    testing::testNorms(*tables[i]);
    testing::testElementwise(*tables[i]);
  }
  std::printf("%d passed, %d failed\n", testing::passed, testing::failed);
  return testing::failed ? 1 : 0;
}
