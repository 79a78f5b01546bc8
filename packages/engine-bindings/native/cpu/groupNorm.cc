// Group normalisation of channels-last tensors. Statistics are taken over fixed chunks of rows, in two passes while a chunk lies in
// cache, and combined in order in double precision (Chan, Golub and LeVeque, "Updating Formulae", 1979).
#include "kernels.h"
#include "parallel.h"
#include "vectorMath.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

struct Moments {
  double count, mean, squares;  // squares: sum of squared distances from the mean

  void add(const Moments& other) {
    if (other.count == 0) return;
    double total = count + other.count, delta = other.mean - mean;
    mean += delta * (other.count / total);
    squares += other.squares + delta * delta * (count * other.count / total);
    count = total;
  }
};

struct Shape {
  int64_t samples, rows, channels, groups, pieceRows, chunkRows, chunks;
};

Shape shapeOf(const GroupNormArgs& args) {
  Shape s;
  s.samples = args.x.dims[0];
  s.rows = s.samples ? args.x.rows() / s.samples : 0;
  s.channels = args.x.last();
  s.groups = args.groups;
  s.pieceRows = maxOf(1, minOf(256, 24 * 1024 / maxOf(1, s.channels)));
  s.chunkRows = roundUp(maxOf(1, ceilDiv(s.rows, 128)), s.pieceRows);
  s.chunks = ceilDiv(s.rows, s.chunkRows);
  return s;
}

size_t sharedBytes(const Shape& s) {
  return size_t(roundUp(s.samples * s.groups * (s.chunks * int64_t(sizeof(Moments)) + 2 * int64_t(sizeof(float))), 64));
}

// sums[c] = sum over rows of x, or of (x - mean[c])^2.
template <bool squared>
void columnSums(const float* x, int64_t stride, int64_t rows, int64_t channels, const float* mean, float* sums) {
  constexpr int kWide = 4;
  int64_t c = 0;
  for (; c + kWide * kLanes <= channels; c += kWide * kLanes) {
    Vec sum[kWide] = {}, centre[kWide] = {};
    if (squared)
      for (int i = 0; i < kWide; ++i) centre[i] = load(mean + c + i * kLanes);
    for (int64_t r = 0; r < rows; ++r)
      for (int i = 0; i < kWide; ++i) {
        Vec v = load(x + r * stride + c + i * kLanes);
        if (squared) sum[i] += (v - centre[i]) * (v - centre[i]);
        else sum[i] += v;
      }
    for (int i = 0; i < kWide; ++i) store(sums + c + i * kLanes, sum[i]);
  }
  for (; c < channels; c += kLanes) {
    int width = int(minOf(kLanes, channels - c));
    Vec sum = {}, centre = squared ? loadPart(mean + c, width) : Vec{};
    for (int64_t r = 0; r < rows; ++r) {
      Vec v = loadPart(x + r * stride + c, width);
      if (squared) sum += (v - centre) * (v - centre);
      else sum += v;
    }
    storePart(sums + c, sum, width);
  }
}

template <Activation activation>
void normalise(const float* x, int64_t stride, float* out, int64_t outStride, int64_t rows, int64_t channels, const float* mean,
               const float* factor, const float* beta) {
  for (int64_t r = 0; r < rows; ++r, x += stride, out += outStride) {
    int64_t c = 0;
    for (; c + kLanes <= channels; c += kLanes)
      store(out + c, activate<activation>((load(x + c) - load(mean + c)) * load(factor + c) + load(beta + c)));
    if (c < channels) {
      int width = int(channels - c);
      Vec v = (loadPart(x + c, width) - loadPart(mean + c, width)) * loadPart(factor + c, width) + loadPart(beta + c, width);
      storePart(out + c, activate<activation>(v), width);
    }
  }
}

}  // namespace

size_t groupNormScratch(const GroupNormArgs& args) {
  Shape s = shapeOf(args);
  // What the threads share lies at the start of the first thread's part; every part is as large.
  return sharedBytes(s) + size_t(2 * roundUp(s.channels, 16)) * sizeof(float);
}

void groupNorm(const GroupNormArgs& args, Scratch scratch, ThreadPool& pool) {
  const Shape s = shapeOf(args);
  if (s.samples * s.rows * s.channels == 0) return;
  const int64_t width = s.channels / s.groups, stride = args.x.rowStride;
  Moments* moments = static_cast<Moments*>(scratch.data);
  float* statistics = reinterpret_cast<float*>(moments + s.samples * s.groups * s.chunks);
  auto local = [&](int thread) {
    return reinterpret_cast<float*>(static_cast<char*>(scratch.data) + size_t(thread) * scratch.bytesEach + sharedBytes(s));
  };

  parallel(pool, s.samples * s.chunks, [&](int64_t task, int thread) {
    int64_t sample = task / s.chunks, chunk = task % s.chunks;
    float* sums = local(thread);
    float* means = sums + roundUp(s.channels, 16);
    Moments* total = moments + task * s.groups;
    for (int64_t g = 0; g < s.groups; ++g) total[g] = {0, 0, 0};
    int64_t end = minOf(s.rows, (chunk + 1) * s.chunkRows);
    for (int64_t row = chunk * s.chunkRows; row < end; row += s.pieceRows) {
      int64_t rows = minOf(s.pieceRows, end - row);
      const float* x = args.x.f32() + (sample * s.rows + row) * stride;
      double count = double(rows * width);
      columnSums<false>(x, stride, rows, s.channels, nullptr, sums);
      for (int64_t g = 0; g < s.groups; ++g) {
        double sum = 0;
        for (int64_t c = g * width; c < (g + 1) * width; ++c) sum += sums[c];
        for (int64_t c = g * width; c < (g + 1) * width; ++c) means[c] = float(sum / count);
      }
      columnSums<true>(x, stride, rows, s.channels, means, sums);
      for (int64_t g = 0; g < s.groups; ++g) {
        double squares = 0;
        for (int64_t c = g * width; c < (g + 1) * width; ++c) squares += sums[c];
        total[g].add({count, means[g * width], squares});
      }
    }
  });

  parallelRanges(pool, s.samples * s.groups, 16, [&](int64_t first, int64_t last, int) {
    for (int64_t i = first; i < last; ++i) {
      int64_t sample = i / s.groups, group = i % s.groups;
      Moments total = {0, 0, 0};
      for (int64_t chunk = 0; chunk < s.chunks; ++chunk) total.add(moments[(sample * s.chunks + chunk) * s.groups + group]);
      statistics[2 * i] = float(total.mean);
      statistics[2 * i + 1] = float(1.0 / __builtin_sqrt(total.squares / total.count + double(args.eps)));
    }
  });

  int64_t pieces = ceilDiv(s.rows, s.pieceRows);
  parallel(pool, s.samples * pieces, [&](int64_t task, int thread) {
    int64_t sample = task / pieces, row = task % pieces * s.pieceRows, rows = minOf(s.pieceRows, s.rows - row);
    float* mean = local(thread);
    float* factor = mean + roundUp(s.channels, 16);
    for (int64_t c = 0; c < s.channels; ++c) {
      const float* statistic = statistics + 2 * (sample * s.groups + c / width);
      mean[c] = statistic[0];
      factor[c] = args.gamma[c] * statistic[1];
    }
    const float* x = args.x.f32() + (sample * s.rows + row) * stride;
    float* out = args.out.f32() + (sample * s.rows + row) * args.out.rowStride;
    auto run = args.activation == Activation::silu        ? normalise<Activation::silu>
               : args.activation == Activation::gelu      ? normalise<Activation::gelu>
               : args.activation == Activation::quickGelu ? normalise<Activation::quickGelu>
                                                          : normalise<Activation::none>;
    run(x, stride, out, args.out.rowStride, rows, s.channels, mean, factor, args.beta);
  });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
