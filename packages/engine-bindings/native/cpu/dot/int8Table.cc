// What vpdpbusd adds to a kernel table.
#include "products.h"

namespace patchbay {
namespace PATCHBAY_ISA {

void addInt8(KernelTable& table) {
  table.products[int(WeightFormat::quads)] = {packedQuadsBytes, packWeightQuads, linearQuadsScratch, linearQuads, nullptr, nullptr};
}

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
