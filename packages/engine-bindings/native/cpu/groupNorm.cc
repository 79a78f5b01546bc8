// Group normalisation of channels-last tensors, by the statistics of the tensor itself (moments.cc) or by those given, which may be of a
// whole picture of which the tensor is a part.
#include "kernels.h"
#include "moments.h"
#include "parallel.h"
#include "vectorMath.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

template <Activation activation>
void normalise(const float* x, int64_t stride, float* out, int64_t outStride, int64_t rows, int64_t channels, const float* mean,
               const float* factor, const float* shift) {
  for (int64_t r = 0; r < rows; ++r, x += stride, out += outStride) {
    int64_t c = 0;
    for (; c + kLanes <= channels; c += kLanes)
      store(out + c, activate<activation>((load(x + c) - load(mean + c)) * load(factor + c) + load(shift + c)));
    if (c < channels) {
      int width = int(channels - c);
      Vec v = (loadPart(x + c, width) - loadPart(mean + c, width)) * loadPart(factor + c, width) + loadPart(shift + c, width);
      storePart(out + c, activate<activation>(v), width);
    }
  }
}

// What the threads share lies at the start of the first thread's part; every part is as large.
struct Shared {
  MomentsShape shape;
  int64_t momentFloats;
  size_t bytes;
  explicit Shared(const GroupNormArgs& a) : shape(a.x, a.groups, momentChunk(a.x.rank > 2 ? a.x.dims[1] : 1)) {
    momentFloats = a.hasMoments ? 0 : shape.floats();
    bytes = size_t(roundUp(momentFloats + 3 * shape.samples * shape.groups, 16)) * sizeof(float);
  }
};

}  // namespace

size_t groupNormScratch(const GroupNormArgs& args) {
  return Shared(args).bytes + size_t(momentsLocal(args.x.last())) * sizeof(float);
}

void groupNorm(const GroupNormArgs& args, Scratch scratch, ThreadPool& pool) {
  const Shared shared(args);
  const MomentsShape& s = shared.shape;
  const int64_t rowsEach = s.length * s.inner, width = s.channels / s.groups;
  if (s.samples * rowsEach == 0) return;
  float* statistics = static_cast<float*>(scratch.data) + shared.momentFloats;
  const float* given = args.hasMoments ? args.moments.f32() : static_cast<float*>(scratch.data);
  const int64_t chunks = args.hasMoments ? args.moments.dims[1] : s.chunks;
  if (!args.hasMoments) computeMoments(args.x, s, static_cast<float*>(scratch.data), scratch, shared.bytes, pool);

  parallelRanges(pool, s.samples * s.groups, 16, [&](int64_t first, int64_t last, int) {
    for (int64_t i = first; i < last; ++i) {
      int64_t sample = i / s.groups, group = i % s.groups;
      Moments total = {0, 0, 0};
      for (int64_t chunk = 0; chunk < chunks; ++chunk)
        total.add(Moments::load(given + ((sample * chunks + chunk) * s.groups + group) * Moments::kFloats));
      statistics[3 * i] = float(total.mean), statistics[3 * i + 1] = float(total.mean - double(statistics[3 * i]));
      statistics[3 * i + 2] = float(1.0 / __builtin_sqrt(total.squares / total.count + double(args.eps)));
    }
  });

  const int64_t pieceRows = cachedRows(s.channels), pieces = ceilDiv(rowsEach, pieceRows);
  parallel(pool, s.samples * pieces, [&](int64_t task, int thread) {
    int64_t sample = task / pieces, row = task % pieces * pieceRows, rows = minOf(pieceRows, rowsEach - row);
    float* mean = reinterpret_cast<float*>(scratchOf<char>(scratch, thread) + shared.bytes);
    float* factor = mean + roundUp(s.channels, 16);
    float* shift = factor + roundUp(s.channels, 16);
    for (int64_t c = 0; c < s.channels; ++c) {
      const float* statistic = statistics + 3 * (sample * s.groups + c / width);
      mean[c] = statistic[0];
      factor[c] = args.gamma[c] * statistic[2];
      shift[c] = args.beta[c] - statistic[1] * factor[c];  // what the mean lacks as a float
    }
    const float* x = args.x.f32() + (sample * rowsEach + row) * args.x.rowStride;
    float* out = args.out.f32() + (sample * rowsEach + row) * args.out.rowStride;
    auto run = args.activation == Activation::silu        ? normalise<Activation::silu>
               : args.activation == Activation::gelu      ? normalise<Activation::gelu>
               : args.activation == Activation::quickGelu ? normalise<Activation::quickGelu>
                                                          : normalise<Activation::none>;
    run(x, args.x.rowStride, out, args.out.rowStride, rows, s.channels, mean, factor, shift);
  });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
