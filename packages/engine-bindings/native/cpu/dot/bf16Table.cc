// What vpdpbf16ps adds to a kernel table.
#include "products.h"

namespace patchbay {
namespace PATCHBAY_ISA {

void addBf16(KernelTable& table) {
  table.products[int(WeightFormat::pairs)] = {packedPairsBytes, packWeightPairs, linearPairsScratch, linearPairs, conv2dPairsScratch, conv2dPairs};
  table.bf16Attention = {attentionPairsScratch, attentionPairs};
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
