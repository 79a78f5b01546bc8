// Functions of two operands whose shapes are aligned at the right and stretched where a dimension is 1; the order is
// BINARY_FUNCTIONS in src/opTable.ts.
#include "elementwise.h"
#include "kernels.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

struct Loop {
  int rank = 0;
  int64_t size[kMaxRank], out[kMaxRank], a[kMaxRank], b[kMaxRank];  // size and strides, outermost first
};

// The stride of each of out's dimensions in v, 0 where v is stretched.
void stridesOf(const View& v, const View& out, int64_t* strides) {
  int64_t stride = v.rowStride;
  for (int d = out.rank - 1; d >= 0; --d) {
    int own = d - (out.rank - v.rank);  // v's dimension
    bool innermost = d == out.rank - 1;
    strides[d] = own < 0 || v.dims[own] == 1 ? 0 : innermost ? 1 : stride;
    if (!innermost && own >= 0) stride *= v.dims[own];
  }
}

// Drops dimensions of size 1 and merges those that all three walk as one.
Loop loopOf(const View& a, const View& b, const View& out) {
  int64_t strideA[kMaxRank], strideB[kMaxRank], strideOut[kMaxRank];
  stridesOf(a, out, strideA);
  stridesOf(b, out, strideB);
  stridesOf(out, out, strideOut);
  Loop loop;
  for (int d = 0; d < out.rank; ++d) {
    int64_t n = out.dims[d];
    if (n == 1) continue;
    int last = loop.rank - 1;
    if (last >= 0 && loop.out[last] == strideOut[d] * n && loop.a[last] == strideA[d] * n && loop.b[last] == strideB[d] * n) {
      loop.size[last] *= n;
      loop.out[last] = strideOut[d], loop.a[last] = strideA[d], loop.b[last] = strideB[d];
      continue;
    }
    loop.size[loop.rank] = n;
    loop.out[loop.rank] = strideOut[d], loop.a[loop.rank] = strideA[d], loop.b[loop.rank] = strideB[d];
    ++loop.rank;
  }
  if (loop.rank == 0) loop.rank = 1, loop.size[0] = 1, loop.out[0] = loop.a[0] = loop.b[0] = 0;
  return loop;
}

template <class F>
void line(const float* a, int64_t aStep, const float* b, int64_t bStep, float* out, int64_t outStep, int64_t count, const F& f) {
  int64_t i = 0;
  if (outStep == 1 && aStep <= 1 && bStep <= 1) {
    Vec constantA = splat(a[0]), constantB = splat(b[0]);
    for (; i + kLanes <= count; i += kLanes) store(out + i, f(aStep ? load(a + i) : constantA, bStep ? load(b + i) : constantB));
    if (i < count) {
      int rest = int(count - i);
      storePart(out + i, f(aStep ? loadPart(a + i, rest) : constantA, bStep ? loadPart(b + i, rest) : constantB), rest);
    }
    return;
  }
  for (; i < count; ++i) out[i * outStep] = f(splat(a[i * aStep]), splat(b[i * bStep]))[0];
}

}  // namespace

void binary(const BinaryArgs& args, ThreadPool& pool) {
  if (args.out.count() == 0) return;
  const Loop loop = loopOf(args.a, args.b, args.out);
  const int inner = loop.rank - 1;
  const int64_t width = loop.size[inner], parts = ceilDiv(width, kPiece);
  int64_t lines = 1;
  for (int d = 0; d < inner; ++d) lines *= loop.size[d];
  const float *a = args.a.f32(), *b = args.b.f32();
  float* out = args.out.f32();
  auto map = [&](auto f) {
    parallelRanges(pool, lines * parts, maxOf(1, kPiece / width), [&](int64_t first, int64_t last, int) {
      for (int64_t i = first; i < last; ++i) {
        int64_t rest = i / parts, start = i % parts * kPiece, atA = start * loop.a[inner], atB = start * loop.b[inner];
        int64_t atOut = start * loop.out[inner];
        for (int d = inner - 1; d >= 0; --d) {
          int64_t index = rest % loop.size[d];
          rest /= loop.size[d];
          atA += index * loop.a[d], atB += index * loop.b[d], atOut += index * loop.out[d];
        }
        line(a + atA, loop.a[inner], b + atB, loop.b[inner], out + atOut, loop.out[inner], minOf(kPiece, width - start), f);
      }
    });
  };
  switch (args.function) {
    case 0: return map([](Vec x, Vec y) { return x + y; });
    case 1: return map([](Vec x, Vec y) { return x - y; });
    case 2: return map([](Vec x, Vec y) { return x * y; });
    case 3: return map([](Vec x, Vec y) { return x / y; });
    case 4: return map([](Vec x, Vec y) { return maxNan(x, y); });
    case 5: return map([](Vec x, Vec y) { return minNan(x, y); });
  }
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
