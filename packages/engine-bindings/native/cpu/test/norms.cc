// groupNorm, layerNorm and reduce.
#include <algorithm>

#include "testing.h"

namespace patchbay {
namespace testing {
namespace {

void testGroupNorm(const KernelTable& t, std::vector<int64_t> dims, int64_t groups, float offset, Activation activation, bool inPlace,
                   int64_t gap) {
  Random random{uint64_t(groups * 17 + dims.back())};
  Buffer x(dims, gap);
  x.fill(random, offset - 1, offset + 1);
  int64_t channels = dims.back(), samples = dims[0], rows = x.view.rows() / samples, width = channels / groups;
  std::vector<float> gamma(size_t(channels), 0.0f), beta(size_t(channels), 0.0f);
  for (float& g : gamma) g = random.uniform(-2, 2);
  for (float& b : beta) b = random.uniform(-2, 2);
  float eps = 1e-5f;
  Expected e{std::vector<double>(size_t(x.view.count())), std::vector<double>(size_t(x.view.count()))};
  for (int64_t n = 0; n < samples; ++n)
    for (int64_t g = 0; g < groups; ++g) {
      double sum = 0, squares = 0;
      auto at = [&](int64_t r, int64_t c) { return (n * rows + r) * channels + g * width + c; };
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t c = 0; c < width; ++c) sum += x.at(at(r, c));
      double mean = sum / double(rows * width);
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t c = 0; c < width; ++c) squares += (x.at(at(r, c)) - mean) * (x.at(at(r, c)) - mean);
      double factor = 1 / std::sqrt(squares / double(rows * width) + double(eps));
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t c = 0; c < width; ++c) {
          double gain = factor * gamma[size_t(g * width + c)];
          e.value[size_t(at(r, c))] = activate(activation, (x.at(at(r, c)) - mean) * gain + beta[size_t(g * width + c)]);
          e.tolerance[size_t(at(r, c))] = 4e-6 + 2e-7 * std::fabs(offset * gain);
        }
    }
  char name[120];
  std::snprintf(name, sizeof name, "%s groupNorm rows=%d channels=%d groups=%d", t.isa, int(rows), int(channels), int(groups));
  auto arguments = [&](Buffer& out) {
    return GroupNormArgs{inPlace ? out.view : x.view, gamma.data(), beta.data(), groups, eps, activation, out.view};
  };
  check(
      name, e, [&] { return inPlace ? x : Buffer(dims, gap); }, [&](int) { return t.groupNormScratch(arguments(x)); },
      [&](Buffer& out, Scratch s, ThreadPool& pool) { t.groupNorm(arguments(out), s, pool); });
}

void testLayerNorm(const KernelTable& t, int64_t rows, int64_t width, float offset, bool gamma, bool beta, bool inPlace, int64_t gap) {
  Random random{uint64_t(rows + width)};
  Buffer x({rows, width}, gap), g({width}), b({width});
  x.fill(random, offset - 1, offset + 1);
  g.fill(random);
  b.fill(random);
  Expected e;
  for (int64_t i = 0; i < rows; ++i) {
    double mean = 0, variance = 0;
    for (int64_t c = 0; c < width; ++c) mean += double(x.at(i * width + c)) / double(width);
    for (int64_t c = 0; c < width; ++c) variance += (x.at(i * width + c) - mean) * (x.at(i * width + c) - mean) / double(width);
    for (int64_t c = 0; c < width; ++c) {
      double factor = 1 / std::sqrt(variance + 1e-5f);
      e.value.push_back((x.at(i * width + c) - mean) * factor * (gamma ? g.at(c) : 1) + (beta ? b.at(c) : 0));
      e.tolerance.push_back(2e-6 + 2e-7 * std::fabs(offset * factor));
    }
  }
  check(
      std::string(t.isa) + " layerNorm width=" + std::to_string(width), e, [&] { return inPlace ? x : Buffer({rows, width}, gap); },
      [](int) { return size_t(0); },
      [&](Buffer& out, Scratch, ThreadPool& pool) {
        t.layerNorm({inPlace ? out.view : x.view, gamma ? g.view.f32() : nullptr, beta ? b.view.f32() : nullptr, 1e-5f, out.view}, pool);
      });
}

void testReduce(const KernelTable& t, int64_t rows, int64_t width, int64_t gap) {
  Random random{uint64_t(width)};
  Buffer x({rows, width}, gap);
  x.fill(random, -1, 3);
  if (rows > 1) x.at(width + width / 2) = NAN;
  for (int function = 0; function < 4; ++function) {
    Expected e;
    for (int64_t i = 0; i < rows; ++i) {
      double sum = 0, high = -INFINITY, low = INFINITY;
      bool nan = false;
      for (int64_t c = 0; c < width; ++c) {
        double v = x.at(i * width + c);
        nan = nan || std::isnan(v);
        sum += v, high = std::max(high, v), low = std::min(low, v);
      }
      double value = function == 0 ? sum : function == 1 ? sum / double(width) : function == 2 ? high : low;
      e.value.push_back(nan ? NAN : value);
      e.tolerance.push_back(function < 2 ? 3e-7 * std::fabs(value) : 0);
    }
    check(
        std::string(t.isa) + " reduce " + std::to_string(function) + " width=" + std::to_string(width), e,
        [&] { return Buffer({rows, 1}, gap); }, [](int) { return size_t(0); },
        [&](Buffer& out, Scratch, ThreadPool& pool) { t.reduce({x.view, function, out.view}, pool); });
  }
}

}  // namespace

void testNorms(const KernelTable& t) {
  testGroupNorm(t, {2, 5, 7, 64}, 32, 0, Activation::silu, false, 0);
  testGroupNorm(t, {1, 40, 41, 96}, 32, 3, Activation::none, true, 0);
  testGroupNorm(t, {3, 9, 30}, 5, 100, Activation::none, false, 3);
  testGroupNorm(t, {1, 300, 300, 12}, 4, -50, Activation::silu, false, 0);
  testGroupNorm(t, {2, 15}, 5, 0, Activation::gelu, false, 0);
  testGroupNorm(t, {1, 1, 1, 1}, 1, 0, Activation::quickGelu, false, 0);
  testLayerNorm(t, 5, 768, 0, true, true, false, 0);
  testLayerNorm(t, 100, 321, 50, true, true, true, 3);
  testLayerNorm(t, 7, 13, 1, false, true, false, 0);
  testLayerNorm(t, 4, 1, 1, false, false, false, 0);
  testReduce(t, 7, 33, 2);
  testReduce(t, 500, 5, 0);
  testReduce(t, 1, 100003, 0);
}

}  // namespace testing
}  // namespace patchbay
