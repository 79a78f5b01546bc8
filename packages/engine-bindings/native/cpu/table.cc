// The kernel table of one instruction set.
#include "kernels.h"
#include "simd.h"

namespace patchbay {
namespace PATCHBAY_ISA {

#define PATCHBAY_NAME_(x) #x
#define PATCHBAY_NAME(x) PATCHBAY_NAME_(x)

extern const KernelTable kernelTable;
const KernelTable kernelTable = {
    PATCHBAY_NAME(PATCHBAY_ISA),
    kPanel,
    {{packedBytes, pack, linearScratch, linear, conv2dScratch, conv2d},
     {},
     {packedAsBytes, packAsBytes, linearScratch, linear, conv2dScratch, conv2d},
     {}},
    nullptr,
    {attentionScratch, attention},
    {},
    momentsScratch,
    moments,
    groupNormScratch,
    groupNorm,
    layerNorm,
    matmulScratch,
    matmul,
    softmax,
    unary,
    binary,
    affine,
    clamp,
    geglu,
    resize,
    reduce,
    widen,
};

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
