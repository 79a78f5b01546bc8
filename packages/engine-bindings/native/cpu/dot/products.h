// The kernels of dot-product instructions, as bf16Table.cc and int8Table.cc list them.
#pragma once
#include "../kernelTable.h"

namespace patchbay {
namespace PATCHBAY_ISA {

// WeightFormat::pairs.
size_t packedPairsBytes(int64_t n, int64_t k, DType dtype);
void packWeightPairs(const MatrixSource&, void* destination, ThreadPool&);
size_t linearPairsScratch(const LinearArgs&);
void linearPairs(const LinearArgs&, Scratch, ThreadPool&);
size_t conv2dPairsScratch(const Conv2dArgs&, int threads);
void conv2dPairs(const Conv2dArgs&, Scratch, ThreadPool&);
// With `stored` and `bytes`: ConvMethod::winogradPairs, and all that avx512 has.
size_t conv2dScratch(const Conv2dArgs&, int threads);
void conv2d(const Conv2dArgs&, Scratch, ThreadPool&);
ConvMethod fastConvolution(const Conv2dArgs&);
size_t attentionPairsScratch(const AttentionArgs&);
void attentionPairs(const AttentionArgs&, Scratch, ThreadPool&);

// WeightFormat::quads.
size_t packedQuadsBytes(int64_t n, int64_t k, DType dtype);
void packWeightQuads(const MatrixSource&, void* destination, ThreadPool&);
size_t linearQuadsScratch(const LinearArgs&);
void linearQuads(const LinearArgs&, Scratch, ThreadPool&);

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
