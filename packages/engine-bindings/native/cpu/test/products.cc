// linear, matmul, pack and widen.
#include <algorithm>
#include <array>

#include "testing.h"

namespace patchbay {
namespace testing {
namespace {

const char* kDtypeNames[] = {"f32", "f16", "bf16"};


struct LinearCase {
  int64_t m, n, k;
  DType dtype;
  WeightFormat format;
  bool transposed, bias, residual, inPlace;
  Activation activation;
  int64_t gap;
  bool gated = false;
};

void testLinear(const KernelTable& t, const LinearCase& c, int seed) {
  const ProductKernels& kernels = t.with(c.format);
  Random random{uint64_t(seed)};
  Buffer x({c.m, c.k}, c.gap);
  x.fill(random);
  Weight weight = makeWeight(c.n * c.k, c.dtype, random, 1);
  std::vector<float> bias(size_t(c.n), 0.0f);
  for (float& b : bias) b = random.uniform(-1, 1);
  const int64_t width = c.gated ? c.n / 2 : c.n;
  Buffer residual({c.m, width}, c.gap);
  residual.fill(random);

  const auto weightAt = [&](int64_t j, int64_t k) -> double& { return weight.value[size_t(c.transposed ? k * c.n + j : j * c.k + k)]; };
  std::vector<double> rows;
  for (int64_t i = 0; i < c.m * c.k; ++i) rows.push_back(x.at(i));
  for (int64_t j = 0; j < c.n; ++j) readWeightsAs(c.format, c.k, [&](int64_t k) -> double& { return weightAt(j, k); });
  for (int64_t i = 0; i < c.m; ++i) readActivationsAs(c.format, c.k, [&](int64_t k) -> double& { return rows[size_t(i * c.k + k)]; });

  Expected e;
  const auto product = [&](int64_t i, int64_t j, double* sum, double* squares) {
    *sum = c.bias ? double(bias[size_t(j)]) : 0, *squares = *sum * *sum;
    for (int64_t k = 0; k < c.k; ++k) {
      double term = rows[size_t(i * c.k + k)] * weightAt(j, k);
      *sum += term, *squares += term * term;
    }
  };
  for (int64_t i = 0; i < c.m; ++i)
    for (int64_t j = 0; j < width; ++j) {
      double sum, squares;
      product(i, j, &sum, &squares);
      if (c.gated) {
        double gate, gateSquares;
        product(i, j + width, &gate, &gateSquares);
        gate = activate(Activation::gelu, gate);
        squares = squares * (gate * gate + 1) + gateSquares * (sum * sum + 1), sum *= gate;
      }
      sum = activate(c.activation, sum);
      if (c.residual) sum += residual.at(i * c.n + j), squares += 1;
      e.value.push_back(sum);
      e.tolerance.push_back(sumTolerance(squares, c.k));
    }

  std::vector<unsigned char> file(1, 0);  // one byte off: a mapped file promises no alignment
  file.insert(file.end(), weight.bytes.begin(), weight.bytes.end());
  MatrixSource source{file.data() + 1, c.dtype, c.n, 1, c.k, c.transposed ? 1 : c.k, 0, c.transposed ? c.n : 1, c.gated};
  std::vector<unsigned char> packed(kernels.packedBytes(c.n, c.k, c.dtype) + 64);
  unsigned char* at = packed.data() + (64 - uintptr_t(packed.data()) % 64) % 64;
  ThreadPool one(1);
  kernels.pack(source, at, one);

  char name[160];
  std::snprintf(name, sizeof name, "%s linear %s m=%d n=%d k=%d %s transposed=%d bias=%d residual=%d activation=%d gated=%d", t.isa, nameOf(c.format), int(c.m), int(c.n),
                int(c.k), kDtypeNames[int(c.dtype)], c.transposed, c.bias, c.residual + c.inPlace, int(c.activation), c.gated);
  auto arguments = [&](Buffer* out) {
    LinearArgs a{x.view, {at, c.dtype, c.n, c.k, c.format}, c.bias ? bias.data() : nullptr, {}, {}, c.activation, c.gated};
    if (c.residual) a.residual = c.inPlace && out ? out->view : residual.view;
    a.out = out ? out->view : residual.view;
    return a;
  };
  check(
      name, e, [&] { return c.inPlace ? residual : Buffer({c.m, width}, c.gap); }, [&](int) { return kernels.linearScratch(arguments(nullptr)); },
      [&](Buffer& out, Scratch s, ThreadPool& pool) { kernels.linear(arguments(&out), s, pool); });
}

void testMatmul(const KernelTable& t, std::vector<int64_t> leading, int64_t m, int64_t n, int64_t k, bool transposed, int64_t gap) {
  Random random{uint64_t(m * 31 + n * 7 + k)};
  int64_t batch = 1;
  for (int64_t d : leading) batch *= d;
  auto dims = [&](int64_t rows, int64_t columns) {
    std::vector<int64_t> all = leading;
    all.push_back(rows);
    all.push_back(columns);
    return all;
  };
  Buffer a(dims(m, k), gap), b(transposed ? dims(n, k) : dims(k, n), gap);
  a.fill(random);
  b.fill(random);
  Expected e;
  for (int64_t i = 0; i < batch * m; ++i)
    for (int64_t j = 0; j < n; ++j) {
      double sum = 0, squares = 0;
      for (int64_t x = 0; x < k; ++x) {
        double term = double(a.at(i * k + x)) * b.at(i / m * n * k + (transposed ? j * k + x : x * n + j));
        sum += term, squares += term * term;
      }
      e.value.push_back(sum);
      e.tolerance.push_back(sumTolerance(squares, k));
    }
  char name[120];
  std::snprintf(name, sizeof name, "%s matmul batch=%d m=%d n=%d k=%d transposed=%d", t.isa, int(batch), int(m), int(n), int(k), transposed);
  Buffer out(dims(m, n), gap);
  check(
      name, e, [&] { return out; }, [&](int) { return t.matmulScratch({a.view, b.view, transposed, out.view}); },
      [&](Buffer& o, Scratch s, ThreadPool& pool) { t.matmul({a.view, b.view, transposed, o.view}, s, pool); });
}

void testWiden(const KernelTable& t) {
  std::vector<uint16_t> all(65536 + 3);
  for (size_t i = 0; i < all.size(); ++i) all[i] = uint16_t(i);
  std::vector<float> wide(all.size() + 1, kGuard);
  t.widen(all.data(), DType::f16, wide.data(), int64_t(all.size()));
  bool ok = wide.back() == kGuard;
  for (size_t i = 0; i < all.size(); ++i) {
    double want = halfToDouble(all[i]);
    ok = ok && (std::isnan(want) ? std::isnan(wide[i]) : wide[i] == want && std::signbit(wide[i]) == std::signbit(want));
  }
  report(ok, std::string(t.isa) + " widen f16", "some of the 65536 values are wrong");
  t.widen(all.data(), DType::bf16, wide.data(), int64_t(all.size()));
  ok = wide.back() == kGuard;
  for (size_t i = 0; i < all.size(); ++i) {
    uint32_t bits = uint32_t(all[i]) << 16;
    ok = ok && std::memcmp(&bits, &wide[i], 4) == 0;
  }
  report(ok, std::string(t.isa) + " widen bf16", "some of the 65536 values are wrong");
}

}  // namespace

void testProducts(const KernelTable& t) {
  testWiden(t);
  const int64_t sizes[][3] = {{1, 1, 1},    {1, 40, 33},   {2, 33, 1000}, {5, 31, 17},   {7, 70, 801},   {8, 64, 1281}, {9, 5, 100},
                              {13, 32, 64}, {14, 96, 385}, {15, 17, 400}, {16, 3, 1023}, {27, 130, 257}, {100, 48, 8},  {169, 65, 70},
                              {337, 20, 3}, {340, 300, 390}, {40, 1100, 777}};
  int i = 0;
  for (int format = 0; format < kWeightFormats; ++format) {
    if (!t.products[format].pack) continue;
    for (auto& s : sizes)
      for (int dtype = 0; dtype < 3; ++dtype, ++i) {
        bool inPlace = i % 4 == 1;
        int64_t k = WeightFormat(format) == WeightFormat::pairs ? s[2] + s[2] % 2 : s[2];
        testLinear(t,
                   {s[0], s[1], k, DType(dtype), WeightFormat(format), i % 5 == 2, i % 3 != 0, inPlace || i % 4 == 3, inPlace, Activation(i % 4),
                    i % 2 * 5},
                   i + 1);
      }
    // One block of k and several; few rows, whose panels are read as they are stored.
    for (auto& s : {std::array<int64_t, 3>{33, 128, 70}, {3, 64, 40}, {1, 192, 900}, {190, 1280, 400}, {14, 2560, 1600}})
      testLinear(t, {s[0], s[1], s[2], DType(++i % 3), WeightFormat(format), false, i % 2 == 0, false, false, Activation::none, i % 2 * 5, true}, i);
  }
  for (bool transposed : {false, true}) {
    testMatmul(t, {}, 1, 1, 1, transposed, 0);
    testMatmul(t, {2, 3}, 17, 33, 9, transposed, 3);
    testMatmul(t, {3}, 5, 64, 450, transposed, 0);
    testMatmul(t, {2}, 190, 47, 401, transposed, 1);
    testMatmul(t, {1}, 31, 129, 800, transposed, 0);
    testMatmul(t, {40}, 2, 3, 4, transposed, 0);
  }
}

}  // namespace testing
}  // namespace patchbay
