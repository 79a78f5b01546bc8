// Statistics of groups of channels, a chunk of rows each: in two passes while some rows lie in cache, with what the first mean lacks taken
// from the second (the corrected two-pass algorithm of Chan, Golub and LeVeque, "Algorithms for Computing the Sample Variance", 1983).
#include "kernels.h"
#include "moments.h"
#include "parallel.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

// Sums over rows of x, or of x - centre and its square.
template <bool centred>
void columnSums(const float* x, int64_t stride, int64_t rows, int64_t channels, const float* centre, float* sums, float* squares) {
  constexpr int kWide = 4;
  int64_t c = 0;
  for (; c + kWide * kLanes <= channels; c += kWide * kLanes) {
    Vec sum[kWide] = {}, square[kWide] = {}, middle[kWide] = {};
    if (centred)
      for (int i = 0; i < kWide; ++i) middle[i] = load(centre + c + i * kLanes);
    for (int64_t r = 0; r < rows; ++r)
      for (int i = 0; i < kWide; ++i) {
        Vec v = load(x + r * stride + c + i * kLanes) - middle[i];
        sum[i] += v;
        if (centred) square[i] += v * v;
      }
    for (int i = 0; i < kWide; ++i) {
      store(sums + c + i * kLanes, sum[i]);
      if (centred) store(squares + c + i * kLanes, square[i]);
    }
  }
  for (; c < channels; c += kLanes) {
    int width = int(minOf(kLanes, channels - c));
    Vec sum = {}, square = {}, middle = centred ? loadPart(centre + c, width) : Vec{};
    for (int64_t r = 0; r < rows; ++r) {
      Vec v = loadPart(x + r * stride + c, width) - middle;
      sum += v;
      if (centred) square += v * v;
    }
    storePart(sums + c, sum, width);
    if (centred) storePart(squares + c, square, width);
  }
}

double sumOf(const float* values, int64_t count) {
  double sum = 0;
  for (int64_t i = 0; i < count; ++i) sum += double(values[i]);
  return sum;
}

}  // namespace

void computeMoments(const View& x, const MomentsShape& s, float* out, const Scratch& scratch, size_t skipped, ThreadPool& pool) {
  const int64_t width = s.channels / s.groups, padded = roundUp(s.channels, 16);
  const int64_t pieceRows = cachedRows(s.channels);
  parallel(pool, s.samples * s.chunks, [&](int64_t task, int thread) {
    const int64_t sample = task / s.chunks, chunk = task % s.chunks;
    float* sums = reinterpret_cast<float*>(scratchOf<char>(scratch, thread) + skipped);
    float* squares = sums + padded;
    float* means = squares + padded;
    float* result = out + task * s.groups * Moments::kFloats;
    // What the pieces give is added up in the result itself.
    for (int64_t g = 0; g < s.groups; ++g) Moments{0, 0, 0}.store(result + g * Moments::kFloats);
    const int64_t end = minOf(s.length, (chunk + 1) * s.chunk) * s.inner;
    for (int64_t row = chunk * s.chunk * s.inner; row < end; row += pieceRows) {
      const int64_t rows = minOf(pieceRows, end - row);
      const float* from = x.f32() + (sample * s.length * s.inner + row) * x.rowStride;
      const double count = double(rows * width);
      columnSums<false>(from, x.rowStride, rows, s.channels, nullptr, sums, nullptr);
      for (int64_t g = 0; g < s.groups; ++g) {
        const float mean = float(sumOf(sums + g * width, width) / count);
        for (int64_t c = g * width; c < (g + 1) * width; ++c) means[c] = mean;
      }
      columnSums<true>(from, x.rowStride, rows, s.channels, means, sums, squares);
      for (int64_t g = 0; g < s.groups; ++g) {
        const double rest = sumOf(sums + g * width, width);
        Moments total = Moments::load(result + g * Moments::kFloats);
        const double spread = sumOf(squares + g * width, width) - rest * rest / count;
        total.add({count, double(means[g * width]) + rest / count, spread < 0 ? 0 : spread});
        total.store(result + g * Moments::kFloats);
      }
    }
  });
}

size_t momentsScratch(const MomentsArgs& args) { return size_t(momentsLocal(args.x.last())) * sizeof(float); }

void moments(const MomentsArgs& args, Scratch scratch, ThreadPool& pool) {
  if (args.out.count() == 0) return;
  computeMoments(args.x, MomentsShape(args.x, args.groups, args.chunk), args.out.f32(), scratch, 0, pool);
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
