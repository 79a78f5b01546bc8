// The kernels of one instruction set, as table.cc lists them.
#pragma once
#include "kernelTable.h"

namespace patchbay {
namespace PATCHBAY_ISA {

// Of WeightFormat::stored and WeightFormat::bytes.
size_t packedBytes(int64_t n, int64_t k, DType dtype);
void pack(const MatrixSource&, void* destination, ThreadPool&);
size_t packedAsBytes(int64_t n, int64_t k, DType dtype);
void packAsBytes(const MatrixSource&, void* destination, ThreadPool&);
void widen(const void* source, DType dtype, float* destination, int64_t count);

size_t linearScratch(const LinearArgs&);
void linear(const LinearArgs&, Scratch, ThreadPool&);
size_t conv2dScratch(const Conv2dArgs&, int threads);
void conv2d(const Conv2dArgs&, Scratch, ThreadPool&);
// F(4x4, 3x3) in fp32 (winograd.cc), for what winogradFits (winograd.h) says; winogradPays: whether it is faster than the direct way.
double winogradCostOf(const Conv2dArgs&);  // winogradCost in winograd.h
bool winogradPays(const Conv2dArgs&);
size_t winogradScratch(const Conv2dArgs&, int threads);
void winograd(const Conv2dArgs&, Scratch, ThreadPool&);
size_t momentsScratch(const MomentsArgs&);
void moments(const MomentsArgs&, Scratch, ThreadPool&);
size_t groupNormScratch(const GroupNormArgs&);
void groupNorm(const GroupNormArgs&, Scratch, ThreadPool&);
void layerNorm(const LayerNormArgs&, ThreadPool&);
size_t attentionScratch(const AttentionArgs&);
void attention(const AttentionArgs&, Scratch, ThreadPool&);
size_t matmulScratch(const MatmulArgs&);
void matmul(const MatmulArgs&, Scratch, ThreadPool&);
void softmax(const SoftmaxArgs&, ThreadPool&);
void unary(const UnaryArgs&, ThreadPool&);
void binary(const BinaryArgs&, ThreadPool&);
void affine(const AffineArgs&, ThreadPool&);
void clamp(const ClampArgs&, ThreadPool&);
void geglu(const GegluArgs&, ThreadPool&);
void resize(const ResizeArgs&, ThreadPool&);
void reduce(const ReduceArgs&, ThreadPool&);

}  // namespace PATCHBAY_ISA
}  // namespace patchbay
