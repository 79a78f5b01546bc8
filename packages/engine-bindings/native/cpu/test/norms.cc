// groupNorm, layerNorm and reduce.
#include <algorithm>

#include "testing.h"

namespace patchbay {
namespace testing {
namespace {

struct GroupStatistics {
  double mean, squares;
};

// Of group g of sample n, rows first..last.
GroupStatistics statisticsOf(const Buffer& x, int64_t n, int64_t groups, int64_t g, int64_t first, int64_t last) {
  const int64_t channels = x.view.last(), width = channels / groups, rows = x.view.rows() / x.view.dims[0];
  auto each = [&](auto visit) {
    for (int64_t r = first; r < last; ++r)
      for (int64_t c = g * width; c < (g + 1) * width; ++c) visit(double(x.at((n * rows + r) * channels + c)));
  };
  GroupStatistics s{0, 0};
  each([&](double v) { s.mean += v; });
  s.mean /= double((last - first) * width);
  each([&](double v) { s.squares += (v - s.mean) * (v - s.mean); });
  return s;
}

Expected expectedGroupNorm(const Buffer& x, const std::vector<float>& gamma, const std::vector<float>& beta, int64_t groups, float eps,
                           Activation activation, float offset) {
  const int64_t channels = x.view.last(), samples = x.view.dims[0], rows = x.view.rows() / samples, width = channels / groups;
  Expected e{std::vector<double>(size_t(x.view.count())), std::vector<double>(size_t(x.view.count()))};
  for (int64_t n = 0; n < samples; ++n)
    for (int64_t g = 0; g < groups; ++g) {
      const GroupStatistics s = statisticsOf(x, n, groups, g, 0, rows);
      const double factor = 1 / std::sqrt(s.squares / double(rows * width) + double(eps));
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t c = g * width; c < (g + 1) * width; ++c) {
          const int64_t at = (n * rows + r) * channels + c;
          const double gain = factor * gamma[size_t(c)];
          e.value[size_t(at)] = activate(activation, (x.at(at) - s.mean) * gain + beta[size_t(c)]);
          e.tolerance[size_t(at)] = 4e-6 + 2e-7 * std::fabs(offset * gain);
        }
    }
  return e;
}

void testGroupNorm(const KernelTable& t, std::vector<int64_t> dims, int64_t groups, float offset, Activation activation, bool inPlace,
                   int64_t gap) {
  Random random{uint64_t(groups * 17 + dims.back())};
  Buffer x(dims, gap);
  x.fill(random, offset - 1, offset + 1);
  std::vector<float> gamma(size_t(dims.back()), 0.0f), beta(size_t(dims.back()), 0.0f);
  for (float& g : gamma) g = random.uniform(-2, 2);
  for (float& b : beta) b = random.uniform(-2, 2);
  const float eps = 1e-5f;
  char name[120];
  std::snprintf(name, sizeof name, "%s groupNorm rows=%d channels=%d groups=%d", t.isa, int(x.view.rows() / dims[0]), int(dims.back()), int(groups));
  const Expected e = expectedGroupNorm(x, gamma, beta, groups, eps, activation, offset);
  auto arguments = [&](Buffer& out) {
    return GroupNormArgs{inPlace ? out.view : x.view, gamma.data(), beta.data(), groups, eps, activation, out.view};
  };
  check(
      name, e, [&] { return inPlace ? x : Buffer(dims, gap); }, [&](int) { return t.groupNormScratch(arguments(x)); },
      [&](Buffer& out, Scratch s, ThreadPool& pool) { t.groupNorm(arguments(out), s, pool); });

  // A part of the first sample, by the moments of the whole.
  if (dims.size() < 3 || dims[0] != 1) return;
  Buffer moments({1, dims[1], groups, 5});
  for (int64_t chunk = 0; chunk < dims[1]; ++chunk)
    for (int64_t g = 0; g < groups; ++g) {
      const int64_t inner = x.view.rows() / dims[1];
      const GroupStatistics s = statisticsOf(x, 0, groups, g, chunk * inner, (chunk + 1) * inner);
      float* to = &moments.at((chunk * groups + g) * 5);
      to[0] = float(inner * (dims.back() / groups));
      to[1] = float(s.mean), to[2] = float(s.mean - double(to[1]));
      to[3] = float(s.squares), to[4] = float(s.squares - double(to[3]));
    }
  const int64_t first = dims[1] / 3, count = dims[1] - first, skipped = first * (x.view.rows() / dims[1]);
  std::vector<int64_t> partDims = dims;
  partDims[1] = count;
  Buffer part(partDims, gap);
  for (int64_t i = 0; i < part.view.count(); ++i) part.at(i) = x.at(skipped * dims.back() + i);
  Expected rest;
  rest.value.assign(e.value.begin() + skipped * dims.back(), e.value.end());
  rest.tolerance.assign(e.tolerance.begin() + skipped * dims.back(), e.tolerance.end());
  auto partArguments = [&](Buffer& out) {
    GroupNormArgs args{inPlace ? out.view : part.view, gamma.data(), beta.data(), groups, eps, activation, out.view};
    args.moments = moments.view, args.hasMoments = true;
    return args;
  };
  check(
      std::string(name) + " of a part", rest, [&] { return inPlace ? part : Buffer(partDims, gap); },
      [&](int) { return t.groupNormScratch(partArguments(part)); },
      [&](Buffer& out, Scratch s, ThreadPool& pool) { t.groupNorm(partArguments(out), s, pool); });
}

// `spread` 0: every value is the same.
void testMoments(const KernelTable& t, std::vector<int64_t> dims, int64_t groups, int64_t chunk, float offset, float spread, int64_t gap) {
  Random random{uint64_t(groups * 13 + dims.back())};
  Buffer x(dims, gap);
  x.fill(random, offset - spread, offset + spread);
  const int64_t length = dims.size() > 2 ? dims[1] : 1, chunks = (length + chunk - 1) / chunk, inner = x.view.rows() / (dims[0] * length);
  Expected e;
  for (int64_t n = 0; n < dims[0]; ++n)
    for (int64_t k = 0; k < chunks; ++k)
      for (int64_t g = 0; g < groups; ++g) {
        const int64_t first = k * chunk * inner, last = std::min(length, (k + 1) * chunk) * inner;
        const GroupStatistics s = statisticsOf(x, n, groups, g, first, last);
        const double mean = std::fabs(s.mean), ulp = 1.2e-7;
        for (double value : {double((last - first) * (dims.back() / groups)), s.mean, 0.0, s.squares, 0.0}) e.value.push_back(value);
        for (double tolerance : {0.0, mean * ulp + 1e-6 * spread, mean * ulp, 1e-5 * s.squares, s.squares * ulp}) e.tolerance.push_back(tolerance);
      }
  MomentsArgs args{x.view, groups, chunk, {}};
  check(
      std::string(t.isa) + " moments of " + std::to_string(dims.back()) + " channels, spread " + std::to_string(spread), e,
      [&] { return Buffer({dims[0], chunks, groups, 5}); }, [&](int) { return t.momentsScratch(args); },
      [&](Buffer& out, Scratch s, ThreadPool& pool) {
        args.out = out.view;
        t.moments(args, s, pool);
      });
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
  testMoments(t, {2, 9, 7, 64}, 32, 4, 0, 1, 0);
  testMoments(t, {1, 300, 2, 30}, 5, 7, 100, 0.5f, 3);
  testMoments(t, {1, 50, 100, 12}, 4, 50, -3, 0, 0);
  testMoments(t, {3, 15}, 5, 1, 1, 2, 0);
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
