// conv2d.
#include <algorithm>

#include "testing.h"

namespace patchbay {
namespace testing {
namespace {

struct Case {
  int64_t n, h, w, in, out, kh, kw, sh, sw, top, left, bottom, right, resizeH, resizeW;
  DType dtype;
  bool bias, channelAdd, residual, inPlace;
  Activation activation;
  int64_t gap;
};

const char* methodName(ConvMethod method) {
  const char* names[] = {"automatic", "direct", "winograd", "winogradPairs"};
  return names[int(method)];
}

double relativeError(const Buffer& got, const std::vector<double>& want) {
  double error = 0, norm = 0;
  for (size_t i = 0; i < want.size(); ++i) {
    double difference = got.at(int64_t(i)) - want[i];
    error += difference * difference, norm += want[i] * want[i];
  }
  return std::sqrt(error / norm);
}

void testCase(const KernelTable& t, const Case& c, WeightFormat format, ConvMethod method, int seed) {
  const ProductKernels& kernels = t.with(format);
  Random random{uint64_t(seed)};
  int64_t seenH = c.resizeH ? c.resizeH : c.h, seenW = c.resizeW ? c.resizeW : c.w;
  int64_t ho = (seenH + c.top + c.bottom - c.kh) / c.sh + 1, wo = (seenW + c.left + c.right - c.kw) / c.sw + 1;
  Buffer x({c.n, c.h, c.w, c.in}, c.gap), residual({c.n, ho, wo, c.out}, c.gap), channelAdd({c.n, c.out}, c.gap);
  x.fill(random);
  residual.fill(random);
  channelAdd.fill(random);
  int64_t taps = c.kh * c.kw, k = taps * c.in;
  Weight weight = makeWeight(c.out * k, c.dtype, random, 1);
  std::vector<float> bias(size_t(c.out), 0.0f);
  for (float& b : bias) b = random.uniform(-1, 1);

  for (int64_t o = 0; o < c.out; ++o)
    readWeightsAs(format, k, [&](int64_t at) -> double& { return weight.value[size_t((o * c.in + at % c.in) * taps + at / c.in)]; });
  const auto seen = [&](int64_t at) { return format == WeightFormat::pairs ? roundToBf16(x.at(at)) : double(x.at(at)); };

  Expected e;
  double mostSquares = 0;
  for (int64_t pixel = 0; pixel < c.n * ho * wo; ++pixel) {
    int64_t n = pixel / (ho * wo), oy = pixel / wo % ho, ox = pixel % wo;
    for (int64_t o = 0; o < c.out; ++o) {
      double sum = (c.bias ? bias[size_t(o)] : 0) + (c.channelAdd ? double(channelAdd.at(n * c.out + o)) : 0), squares = sum * sum;
      for (int64_t tap = 0; tap < taps; ++tap) {
        int64_t y = oy * c.sh - c.top + tap / c.kw, px = ox * c.sw - c.left + tap % c.kw;
        if (y < 0 || y >= seenH || px < 0 || px >= seenW) continue;
        y = y * c.h / seenH, px = px * c.w / seenW;
        for (int64_t i = 0; i < c.in; ++i) {
          double term = seen(((n * c.h + y) * c.w + px) * c.in + i) * weight.value[size_t((o * c.in + i) * taps + tap)];
          sum += term, squares += term * term;
        }
      }
      mostSquares = std::max(mostSquares, squares);
      sum = activate(c.activation, sum);
      if (c.residual) sum += residual.at(pixel * c.out + o), squares += 1;
      e.value.push_back(sum);
      e.tolerance.push_back(sumTolerance(squares, k));
    }
  }

  // The sums of a Winograd tile mix all its pixels: one of small terms, at a border say, has the error of its neighbours.
  if (method != ConvMethod::direct && c.kh == 3 && c.kw == 3 && c.sh == 1 && c.sw == 1) {
    double most = *std::max_element(e.tolerance.begin(), e.tolerance.end());
    e.tolerance.assign(e.tolerance.size(), 4 * most);
  }
  const bool pairs = method == ConvMethod::winogradPairs;
  if (pairs) e.tolerance.assign(e.tolerance.size(), 0.03 * std::sqrt(mostSquares));

  MatrixSource source{weight.bytes.data(), c.dtype, c.out, taps, c.in, c.in * taps, 1, taps};
  std::vector<unsigned char> packed(kernels.packedBytes(c.out, k, c.dtype) + 64);
  unsigned char* at = packed.data() + (64 - uintptr_t(packed.data()) % 64) % 64;
  ThreadPool one(1);
  kernels.pack(source, at, one);
  auto arguments = [&](Buffer* out) {
    Conv2dArgs a{x.view, {at, c.dtype, c.out, k, format}, c.kh, c.kw, c.sh, c.sw, c.top, c.left, c.bottom, c.right, c.resizeH, c.resizeW,
                 c.bias ? bias.data() : nullptr, {}, {}, {}, c.activation, method};
    if (c.channelAdd) a.channelAdd = channelAdd.view;
    if (c.residual) a.residual = c.inPlace && out ? out->view : residual.view;
    a.out = out ? out->view : residual.view;
    return a;
  };
  char name[200];
  std::snprintf(name, sizeof name, "%s conv2d %s %s case %d: x %dx%dx%dx%d, %d of %dx%d", t.isa, methodName(method), nameOf(format), seed,
                int(c.n), int(c.h), int(c.w), int(c.in), int(c.out), int(c.kh), int(c.kw));
  Buffer last;
  check(
      name, e, [&] { return c.inPlace ? residual : Buffer({c.n, ho, wo, c.out}, c.gap); },
      [&](int threads) { return kernels.conv2dScratch(arguments(nullptr), threads); },
      [&](Buffer& out, Scratch s, ThreadPool& pool) { kernels.conv2d(arguments(&out), s, pool), last = out; });
  double error = relativeError(last, e.value);
  if (!pairs || e.value.size() > 32) report(error <= (pairs ? 8e-3 : 1e-5), name, "its relative L2 error is " + std::to_string(error * 1e6) + "e-6");
}

// 3x3 convolutions of one seeded input, padded by 1, on two threads.
class Layer {
 public:
  Layer(const KernelTable& table, int64_t batch, int64_t side, int64_t in, int64_t out)
      : table_(table), x_({batch, side, side, in}), out_(out), k_(9 * in), pool_(2) {
    Random random{99};
    x_.fill(random);
    weight_ = makeWeight(out_ * k_, DType::f16, random, 1);
    packed_.resize(stored().packedBytes(out_, k_, DType::f16) + 64);
    stored().pack({weight_.bytes.data(), DType::f16, out_, 9, in, k_, 1, 9}, aligned(packed_), pool_);
  }

  // The result for `count` samples from `first` on.
  std::vector<float> run(int64_t first, int64_t count, ConvMethod method) {
    View x = x_.view;
    int64_t side = x.dims[1];
    x.dims[0] = count, x.data = x.f32() + first * side * side * x.last();
    Buffer to({count, side, side, out_});
    Conv2dArgs a{x, {aligned(packed_), DType::f16, out_, k_}, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, nullptr, {}, {}, to.view, Activation::none, method};
    size_t each = (stored().conv2dScratch(a, pool_.threads()) + 63) / 64 * 64;
    std::vector<unsigned char> memory(each * size_t(pool_.threads()) + 64, 0xff);
    stored().conv2d(a, {aligned(memory), each}, pool_);
    return to.memory;
  }

 private:
  const ProductKernels& stored() const { return table_.with(WeightFormat::stored); }
  static unsigned char* aligned(std::vector<unsigned char>& v) { return v.data() + (64 - uintptr_t(v.data()) % 64) % 64; }

  const KernelTable& table_;
  Buffer x_;
  int64_t out_, k_;
  ThreadPool pool_;
  Weight weight_;
  std::vector<unsigned char> packed_;
};

// What a sample becomes does not depend on the batch around it.
void testBatch(const KernelTable& t, int64_t side, int64_t in, int64_t out, ConvMethod method) {
  const int64_t batch = 3;
  Layer layer(t, batch, side, in, out);
  std::vector<float> alone;
  for (int64_t n = 0; n < batch; ++n) {
    std::vector<float> sample = layer.run(n, 1, method);
    alone.insert(alone.end(), sample.begin(), sample.end());
  }
  report(layer.run(0, batch, method) == alone, std::string(t.isa) + " conv2d " + methodName(method) + " batch of side " + std::to_string(side),
         "a batch differs from its samples");
}

void testChoice(const KernelTable& t, int64_t side, int64_t in, int64_t out, ConvMethod expected) {
  Layer layer(t, 1, side, in, out);
  std::vector<float> chosen = layer.run(0, 1, ConvMethod::automatic);
  for (ConvMethod method : {ConvMethod::direct, ConvMethod::winograd})
    report((chosen == layer.run(0, 1, method)) == (method == expected),
           std::string(t.isa) + " conv2d of side " + std::to_string(side) + ", " + std::to_string(in) + " to " + std::to_string(out),
           std::string("is not the ") + methodName(expected) + " one");
}

}  // namespace

void testConvolutions(const KernelTable& t) {
  const DType f32 = DType::f32, f16 = DType::f16, bf16 = DType::bf16;
  const Activation none = Activation::none, silu = Activation::silu, gelu = Activation::gelu, quick = Activation::quickGelu;
  const Case cases[] = {
      {1, 5, 7, 4, 40, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, f32, true, false, false, false, none, 0},
      {2, 9, 6, 3, 8, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, f16, true, true, false, false, silu, 0},
      {1, 8, 8, 33, 3, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, bf16, true, false, true, false, none, 3},
      {2, 7, 9, 16, 35, 3, 3, 2, 2, 1, 1, 1, 1, 0, 0, f32, false, true, true, true, none, 2},
      {1, 9, 8, 20, 16, 3, 3, 2, 2, 0, 0, 1, 1, 0, 0, f16, true, false, false, false, gelu, 0},
      {1, 6, 5, 70, 33, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, f32, true, true, true, false, quick, 1},
      {3, 4, 4, 50, 64, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, f16, true, true, true, true, silu, 0},
      {2, 5, 5, 12, 20, 1, 1, 2, 2, 0, 0, 0, 0, 0, 0, bf16, true, false, false, false, none, 0},
      {1, 4, 5, 24, 17, 3, 3, 1, 1, 1, 1, 1, 1, 8, 10, f32, true, false, false, false, none, 0},
      {2, 5, 3, 7, 66, 3, 3, 1, 1, 1, 1, 1, 1, 7, 8, f16, false, true, true, false, none, 4},
      {1, 11, 10, 5, 9, 5, 4, 3, 2, 2, 1, 0, 3, 0, 0, f32, true, false, false, false, none, 0},
      {1, 3, 3, 130, 70, 7, 7, 1, 1, 3, 3, 3, 3, 0, 0, bf16, true, false, false, false, silu, 0},
      {2, 16, 14, 96, 100, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, f32, true, true, true, true, silu, 0},
      {1, 20, 19, 64, 600, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, f16, true, false, false, false, none, 0},
      {1, 1, 1, 48, 64, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, f16, true, false, false, false, none, 0},
      {1, 3, 2, 400, 31, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, bf16, true, false, false, false, none, 0},
      {1, 6, 6, 8, 16, 1, 1, 1, 1, 0, 0, 0, 0, 12, 3, f32, true, false, false, false, none, 0},
      {1, 4, 4, 8, 16, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, f32, true, false, false, false, none, 0},
      {2, 13, 11, 48, 4, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, f16, true, true, true, true, none, 0},
      {1, 30, 31, 32, 3, 3, 3, 2, 1, 1, 1, 0, 1, 15, 40, f32, true, false, false, false, silu, 3},
      {1, 9, 9, 16, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, bf16, false, false, true, false, none, 1},
      {1, 40, 37, 1, 1, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, f32, true, false, false, false, none, 0},
      {1, 2, 2, 3, 5, 2, 2, 2, 2, 5, 5, 5, 5, 0, 0, f32, true, false, false, false, none, 0},
      {1, 9, 8, 12, 20, 3, 3, 2, 2, -2, 1, -1, 1, 0, 0, f32, true, false, false, false, none, 0},
      {1, 8, 8, 16, 3, 3, 3, 1, 1, -1, -2, -1, 1, 16, 8, f16, true, false, true, false, none, 0},
      {1, 6, 7, 24, 16, 1, 1, 1, 1, -1, 0, -2, -3, 0, 0, f32, true, false, false, false, none, 0},
  };
  // Tails in every dimension, paddings, several blocks of channels, panels, tasks and (the last) blocks of tiles.
  const Case tiled[] = {
      {1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, f32, false, false, false, false, none, 0},
      {1, 6, 6, 16, 32, 3, 3, 1, 1, 0, 0, 0, 0, 0, 0, f32, true, false, false, false, none, 0},
      {1, 3, 3, 17, 33, 3, 3, 1, 1, 0, 0, 0, 0, 0, 0, f16, true, false, false, false, none, 2},
      {3, 9, 11, 5, 19, 3, 3, 1, 1, 2, 2, 2, 2, 0, 0, f32, true, true, true, false, silu, 3},
      {2, 10, 7, 40, 65, 3, 3, 1, 1, 0, 1, 2, 0, 0, 0, bf16, true, true, true, true, gelu, 1},
      {1, 13, 30, 130, 48, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, f16, true, false, true, true, quick, 0},
      {2, 8, 8, 300, 40, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, f32, true, true, false, false, silu, 0},
      {1, 5, 6, 1030, 9, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, f16, true, false, false, false, none, 0},
      {5, 1, 2, 24, 24, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, f32, true, true, true, false, none, 0},
      {2, 7, 6, 20, 40, 3, 3, 1, 1, 1, 1, 1, 1, 13, 12, f16, true, true, true, true, none, 5},
      {1, 50, 53, 12, 34, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, f32, true, false, true, false, silu, 0},
      {1, 4, 3, 8, 8, 3, 3, 1, 1, 5, 6, 7, 5, 0, 0, bf16, false, true, false, false, none, 0},
      {1, 6, 9, 40, 33, 3, 3, 1, 1, -1, 1, -1, 1, 12, 18, f16, true, true, true, false, silu, 0},
      {2, 12, 11, 20, 32, 3, 3, 1, 1, -3, -1, 1, -2, 0, 0, f32, true, false, false, false, none, 1},
      {1, 61, 62, 520, 5, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, f16, true, false, false, false, none, 0},
  };
  int seed = 0;
  auto test = [&](const Case& c) {
    ++seed;
    if (t.with(WeightFormat::pairs).conv2d && c.in % 2 == 0) testCase(t, c, WeightFormat::pairs, ConvMethod::direct, seed);
    for (WeightFormat format : {WeightFormat::stored, WeightFormat::bytes}) {
      testCase(t, c, format, ConvMethod::automatic, seed);
      if (c.kh != 3 || c.kw != 3 || c.sh != 1 || c.sw != 1) continue;
      testCase(t, c, format, ConvMethod::direct, seed);
      testCase(t, c, format, ConvMethod::winograd, seed);
      if (t.fastConvolution) testCase(t, c, format, ConvMethod::winogradPairs, seed);
    }
  };
  for (const Case& c : cases) test(c);
  for (const Case& c : tiled) test(c);
  std::vector<ConvMethod> methods{ConvMethod::automatic, ConvMethod::direct, ConvMethod::winograd};
  if (t.fastConvolution) methods.push_back(ConvMethod::winogradPairs);
  for (ConvMethod method : methods)
    for (int64_t side : {4, 9, 18}) testBatch(t, side, 150, 70, method);
  testChoice(t, 16, 64, 64, ConvMethod::winograd);
  testChoice(t, 8, 320, 40, ConvMethod::winograd);
  testChoice(t, 32, 8, 64, ConvMethod::winograd);
  testChoice(t, 2, 64, 64, ConvMethod::direct);
  testChoice(t, 5, 64, 64, ConvMethod::direct);
  testChoice(t, 32, 64, 3, ConvMethod::direct);
}

}  // namespace testing
}  // namespace patchbay
