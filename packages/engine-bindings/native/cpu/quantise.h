// Weights in signed bytes: kByteBlock values of a column share a scale, their largest magnitude / 127 (the scheme of ggml's Q8_0).
#pragma once
#include "weightBlock.h"

namespace patchbay {
namespace PATCHBAY_ISA {

struct QuantisedBlock {
  IVec values[kByteBlock][2];  // of kPanel columns, -127..127; beyond the end of the matrix 0
  Vec scale[2];
};

// emit(block, QuantisedBlock) for every block of a panel.
template <class Emit>
void quantisePanel(const MatrixSource& s, int64_t panel, const Emit& emit) {
  forEachBlock(s, [&](int64_t block) {
    Vec wide[kByteBlock][2];
    readWeights(s, panel, block * kByteBlock, wide);
    QuantisedBlock q;
    for (int v = 0; v < 2; ++v) {
      Vec most = {};
      for (int64_t j = 0; j < kByteBlock; ++j) most = maxNan(most, asFloat(asInt(wide[j][v]) & 0x7fffffff));
      q.scale[v] = most * (1 / 127.0f);
      Vec inverse = select(most > splat(0.0f), 127.0f / most, splat(0.0f));
      for (int64_t j = 0; j < kByteBlock; ++j) q.values[j][v] = roundToInt(wide[j][v] * inverse);
    }
    emit(block, q);
  });
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
