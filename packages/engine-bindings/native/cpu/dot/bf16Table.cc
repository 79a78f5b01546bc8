// What vpdpbf16ps adds to a kernel table.
#include "products.h"

namespace patchbay {
namespace PATCHBAY_ISA {

void addBf16(KernelTable& table) {
  table.products[int(WeightFormat::pairs)] = {packedPairsBytes, packWeightPairs, linearPairsScratch, linearPairs, conv2dPairsScratch, conv2dPairs};
  for (WeightFormat format : {WeightFormat::stored, WeightFormat::bytes}) {
    table.products[int(format)].conv2dScratch = conv2dScratch;
    table.products[int(format)].conv2d = conv2d;
  }
  table.fastConvolution = fastConvolution;
  table.bf16Attention = {attentionPairsScratch, attentionPairs};
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
