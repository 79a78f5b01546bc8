// unary, binary, affine, clamp, geglu and resize.
#include <algorithm>

#include "testing.h"

namespace patchbay {
namespace testing {
namespace {

double unaryOf(int function, double x) {
  switch (function) {
    case 0: return activate(Activation::silu, x);
    case 1: return activate(Activation::gelu, x);
    case 2: return activate(Activation::quickGelu, x);
    case 3: return 1 / (1 + std::exp(-x));
    case 4: return std::tanh(x);
    case 5: return std::exp(x);
    case 6: return std::log(x);
    case 7: return std::sqrt(x);
    case 8: return 1 / x;
    case 9: return -x;
    case 10: return std::fabs(x);
    case 11: return x * x;
    default: return std::isnan(x) ? x : std::max(x, 0.0);
  }
}

void testUnary(const KernelTable& t, int function, int64_t width, int64_t gap, bool inPlace) {
  Random random{uint64_t(function + 1)};
  Buffer x({100, width}, gap);
  for (int64_t i = 0; i < x.view.count(); ++i) {
    float range = i % 3 == 0 ? 1 : i % 3 == 1 ? 12 : 100;
    x.at(i) = function == 6 || function == 7 ? random.uniform(0, range) : random.uniform(-range, range);
  }
  const float special[] = {0, -0.0f, NAN, INFINITY, 1e-40f, 1, -1, 0.625f, 88.7f, -87.3f, 3e38f};
  for (size_t i = 0; i < sizeof special / sizeof *special; ++i) x.at(int64_t(i) * 7 % x.view.count()) = special[i];
  Expected e;
  for (int64_t i = 0; i < x.view.count(); ++i) {
    double in = x.at(i), value = unaryOf(function, in);
    if (std::fabs(value) > 3.4028235e38) value = value > 0 ? INFINITY : -INFINITY;
    e.value.push_back(value);
    double relative = function >= 9 ? 0 : function == 5 ? 2e-7 : function == 7 || function == 8 ? 1e-7 : 3e-7;
    double absolute = function == 1 ? 2e-7 * std::max(1.0, std::min(std::fabs(in), 6.0)) : function >= 9 ? 0 : 1.2e-38;
    if (function < 3) relative += 2.5e-7 * std::fabs(in), absolute = std::max(absolute, 1e-36);
    if (function == 4 || function == 6) absolute = 1e-7;
    if (function == 11) relative = 6e-8, absolute = 1e-38;
    e.tolerance.push_back(relative * std::fabs(value) + absolute);
  }
  check(
      std::string(t.isa) + " unary " + std::to_string(function) + " width=" + std::to_string(width), e,
      [&] { return inPlace ? x : Buffer({100, width}, gap); }, [](int) { return size_t(0); },
      [&](Buffer& out, Scratch, ThreadPool& pool) { t.unary({inPlace ? out.view : x.view, function, out.view}, pool); });
}

void testBinary(const KernelTable& t, std::vector<int64_t> aDims, std::vector<int64_t> bDims, std::vector<int64_t> dims, int64_t gap) {
  Random random{uint64_t(dims.size() * 3 + size_t(gap))};
  Buffer a(aDims, gap), b(bDims, gap ? gap + 1 : 0);
  a.fill(random);
  b.fill(random);
  if (a.view.count() > 3) a.at(3) = NAN;
  auto indexIn = [&](const std::vector<int64_t>& own, int64_t i) {
    int64_t index = 0, stride = 1;
    for (size_t d = 0; d < dims.size(); ++d) {
      int64_t position = i % dims[dims.size() - 1 - d];
      i /= dims[dims.size() - 1 - d];
      if (d < own.size()) {
        int64_t size = own[own.size() - 1 - d];
        if (size != 1) index += position * stride;
        stride *= size;
      }
    }
    return index;
  };
  for (int function = 0; function < 6; ++function) {
    Expected e;
    Buffer shape(dims, gap);
    for (int64_t i = 0; i < shape.view.count(); ++i) {
      float x = a.at(indexIn(aDims, i)), y = b.at(indexIn(bDims, i));
      float value = function == 0 ? x + y : function == 1 ? x - y : function == 2 ? x * y : function == 3 ? x / y
                    : function == 4 ? std::max(x, y) : std::min(x, y);
      e.value.push_back(std::isnan(x) ? NAN : double(value));
      e.tolerance.push_back(0);
    }
    check(
        std::string(t.isa) + " binary " + std::to_string(function) + " of rank " + std::to_string(dims.size()), e, [&] { return shape; },
        [](int) { return size_t(0); },
        [&](Buffer& out, Scratch, ThreadPool& pool) { t.binary({a.view, b.view, function, out.view}, pool); });
  }
}

void testPlain(const KernelTable& t, int64_t rows, int64_t width, int64_t gap) {
  Random random{uint64_t(width)};
  Buffer x({rows, 2 * width}, gap);
  x.fill(random, -4, 4);
  x.at(0) = NAN;
  Expected affine, clamp, geglu;
  for (int64_t i = 0; i < x.view.count(); ++i) {
    affine.value.push_back(double(x.at(i)) * 0.7f + 0.1f);
    affine.tolerance.push_back(3e-7);
    clamp.value.push_back(std::isnan(x.at(i)) ? NAN : std::min(std::max(x.at(i), -1.5f), 2.0f));
    clamp.tolerance.push_back(0);
  }
  for (int64_t i = 0; i < rows * width; ++i) {
    int64_t at = i / width * 2 * width + i % width;
    geglu.value.push_back(x.at(at) * activate(Activation::gelu, x.at(at + width)));
    geglu.tolerance.push_back(3e-6);
  }
  auto none = [](int) { return size_t(0); };
  std::string isa = t.isa;
  check(isa + " affine", affine, [&] { return x; }, none,
        [&](Buffer& out, Scratch, ThreadPool& pool) { t.affine({out.view, 0.7f, 0.1f, out.view}, pool); });
  check(isa + " clamp", clamp, [&] { return Buffer({rows, 2 * width}, gap + 1); }, none,
        [&](Buffer& out, Scratch, ThreadPool& pool) { t.clamp({x.view, -1.5f, 2.0f, out.view}, pool); });
  check(isa + " geglu width=" + std::to_string(width), geglu, [&] { return Buffer({rows, width}, gap); }, none,
        [&](Buffer& out, Scratch, ThreadPool& pool) { t.geglu({x.view, out.view}, pool); });
}

void testResize(const KernelTable& t, int mode, int64_t h, int64_t w, int64_t ho, int64_t wo, int64_t channels, int64_t gap) {
  Random random{uint64_t(h * w + ho)};
  Buffer x({2, h, w, channels}, gap);
  x.fill(random);
  Expected e;
  auto source = [](int64_t i, int64_t in, int64_t out) { return std::max(0.0, (double(i) + 0.5) * double(in) / double(out) - 0.5); };
  auto at = [&](int64_t n, int64_t y, int64_t px, int64_t c) {
    return double(x.at(((n * h + std::min(y, h - 1)) * w + std::min(px, w - 1)) * channels + c));
  };
  for (int64_t i = 0; i < 2 * ho * wo * channels; ++i) {
    int64_t c = i % channels, ox = i / channels % wo, oy = i / channels / wo % ho, n = i / channels / wo / ho;
    double value;
    if (mode == 0) {
      value = at(n, oy * h / ho, ox * w / wo, c);
    } else {
      double sy = source(oy, h, ho), sx = source(ox, w, wo);
      int64_t y = int64_t(sy), px = int64_t(sx);
      double fy = sy - double(y), fx = sx - double(px);
      value = (at(n, y, px, c) * (1 - fx) + at(n, y, px + 1, c) * fx) * (1 - fy) + (at(n, y + 1, px, c) * (1 - fx) + at(n, y + 1, px + 1, c) * fx) * fy;
    }
    e.value.push_back(value);
    e.tolerance.push_back(mode == 0 ? 0 : 5e-7);
  }
  check(
      std::string(t.isa) + " resize mode " + std::to_string(mode), e, [&] { return Buffer({2, ho, wo, channels}, gap); },
      [](int) { return size_t(0); }, [&](Buffer& out, Scratch, ThreadPool& pool) { t.resize({x.view, mode, out.view}, pool); });
}

}  // namespace

void testElementwise(const KernelTable& t) {
  for (int function = 0; function < 13; ++function) {
    testUnary(t, function, 517, 0, false);
    testUnary(t, function, 33, 3, function % 2 == 0);
  }
  testBinary(t, {3, 4, 50}, {3, 4, 50}, {3, 4, 50}, 0);
  testBinary(t, {3, 4, 50}, {50}, {3, 4, 50}, 3);
  testBinary(t, {2, 5, 1, 9}, {2, 1, 7, 9}, {2, 5, 7, 9}, 2);
  testBinary(t, {1}, {4, 700}, {4, 700}, 0);
  testBinary(t, {6, 1}, {6, 35}, {6, 35}, 4);
  testBinary(t, {6, 1}, {6, 1}, {6, 1}, 4);
  testBinary(t, {1, 1}, {1}, {1, 1}, 0);
  testBinary(t, {2, 3, 1, 5, 1, 4}, {3, 2, 1, 6, 1}, {2, 3, 2, 5, 6, 4}, 0);
  testBinary(t, {40000}, {1}, {40000}, 0);
  testPlain(t, 9, 40, 0);
  testPlain(t, 33, 7, 5);
  testPlain(t, 40, 1280, 0);
  for (int mode = 0; mode < 2; ++mode) {
    testResize(t, mode, 4, 5, 8, 10, 33, 0);
    testResize(t, mode, 9, 7, 5, 13, 3, 2);
    testResize(t, mode, 1, 1, 3, 3, 16, 0);
    testResize(t, mode, 16, 16, 3, 5, 8, 0);
  }
}

}  // namespace testing
}  // namespace patchbay
