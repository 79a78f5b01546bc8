// Statistics of groups of channels, which `moments` writes and group normalisation adds up.
#pragma once
#include "kernelTable.h"
#include "simd.h"

namespace patchbay {
namespace PATCHBAY_ISA {

// Of one group in some rows. Sums of chunks are combined as in Chan, Golub and LeVeque, "Updating Formulae" (1979).
struct Moments {
  double count, mean, squares;  // squares: sum of squared distances from the mean

  void add(const Moments& other) {
    if (other.count == 0) return;
    double total = count + other.count, delta = other.mean - mean;
    mean += delta * (other.count / total);
    squares += other.squares + delta * delta * (count * other.count / total);
    count = total;
  }

  // As tensors carry them: count, then mean and squares as a float and what it lacks.
  static constexpr int64_t kFloats = 5;
  void store(float* to) const {
    to[0] = float(count);
    to[1] = float(mean), to[2] = float(mean - double(to[1]));
    to[3] = float(squares), to[4] = float(squares - double(to[3]));
  }
  static Moments load(const float* from) { return {from[0], double(from[1]) + double(from[2]), double(from[3]) + double(from[4])}; }
};

// How much of dimension 1 a chunk takes where nothing else is asked for; momentChunk in ops/moments.ts says the same.
inline int64_t momentChunk(int64_t length) { return length <= 128 ? 1 : 4 * ceilDiv(length, 512); }

struct MomentsShape {
  int64_t samples, length, inner, channels, groups;  // length: of dimension 1; inner: rows of one of it
  int64_t chunk, chunks;                             // of dimension 1
  MomentsShape(const View& x, int64_t groups_, int64_t chunk_) : samples(x.dims[0]), channels(x.last()), groups(groups_), chunk(chunk_) {
    length = x.rank > 2 ? x.dims[1] : 1;
    inner = samples ? x.rows() / (samples * length) : 0;
    chunks = ceilDiv(length, chunk);
  }
  int64_t floats() const { return samples * chunks * groups * Moments::kFloats; }
};

// How many rows of these channels stay in the first two caches.
inline int64_t cachedRows(int64_t channels) { return maxOf(1, minOf(256, 24 * 1024 / channels)); }

// Floats of scratch that each thread of computeMoments needs.
inline int64_t momentsLocal(int64_t channels) { return 3 * roundUp(channels, 16); }
// out[samples, chunks, groups, kFloats]. Each thread's scratch begins `skipped` bytes into its part.
void computeMoments(const View& x, const MomentsShape& shape, float* out, const Scratch& scratch, size_t skipped, ThreadPool& pool);

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
