// softmax(scale * q * kt) * v a head (Dao et al., "FlashAttention", 2022; the running softmax is Milakov and Gimelshein's, 2018), in fp32.
#include "attention.h"

#include "kernels.h"
#include "vectorMath.h"

namespace patchbay {
namespace PATCHBAY_ISA {
namespace {

struct FloatProducts {
  static constexpr int64_t kUnit = 1;

  static void packTurned(float* destination, int64_t stride, const float* const* rows, const int64_t* masks, int count, int64_t dim,
                         float factor) {
    packRows(destination, stride, rows, masks, count, dim);
    if (factor == 1.0f) return;
    int64_t lanes = roundUp(count, kLanes);
    for (int64_t d = 0; d < dim; ++d)
      for (int64_t l = 0; l < lanes; l += kLanes) store(destination + d * stride + l, load(destination + d * stride + l) * factor);
  }
  static void packValues(const float* v, int64_t stride, int64_t keys, int64_t dim, float* values, int64_t paddedDim) {
    for (int64_t j = 0; j < keys; ++j) __builtin_memcpy(values + j * paddedDim, v + j * stride, size_t(dim) * sizeof(float));
  }
  static void multiply(int rows, int vectors, const float* a, int64_t aStride, const float* b, int64_t steps, float* c, bool accumulate) {
    multiplyTile(rows, vectors, a, aStride, b, steps, c, accumulate);
  }
  static void soften(float* scores, int64_t keys, int vectors, float* highest, float* sum, float* out, int64_t dim, bool first) {
    for (int v = 0; v < vectors; ++v, scores += kLanes, highest += kLanes, sum += kLanes, out += kLanes) {
      Vec top = highestScore(scores, keys);
      if (!first) top = maxFast(top, load(highest));
      Vec total = {};
      for (int64_t j = 0; j < keys; ++j) {
        Vec p = exp2Fast(load(scores + j * kPanel) - top);
        store(scores + j * kPanel, p);
        total += p;
      }
      if (!first) total += shrinkEarlier(exp2Fast(load(highest) - top), load(sum), out, dim);
      store(highest, top);
      store(sum, total);
    }
  }
};

}  // namespace

size_t attentionScratch(const AttentionArgs& args) { return attentionScratchBytes<FloatProducts>(args); }

void attention(const AttentionArgs& args, Scratch scratch, ThreadPool& pool) { runAttention<FloatProducts>(args, scratch, pool); }

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
