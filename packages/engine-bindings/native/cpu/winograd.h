// Winograd convolution F(4x4, 3x3): an output tile of 4x4 pixels takes 36 multiplications a pair of channels instead of 144.
#pragma once
#include "gemm.h"
#include "kernelTable.h"

namespace patchbay {
namespace PATCHBAY_ISA {

// Whether it computes this convolution: 3x3, stride 1, any padding, a resize before it.
bool winogradFits(const Conv2dArgs& args);
// Whether it is faster than the direct way, by a model of both. Looks at one sample, never at the batch or the threads, so that a
// sample's values do not depend on what runs beside it.
bool winogradPays(const Conv2dArgs& args);
// Bytes of scratch a thread needs when `threads` of them share what is kept of the input.
size_t winogradScratch(const Conv2dArgs& args, int threads);
void winograd(const Conv2dArgs& args, const Epilogue& epilogue, Scratch scratch, ThreadPool& pool);

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
