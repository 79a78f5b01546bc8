// The seam between the executor (core/) and the CPU kernels (cpu/): one table of functions for each instruction set.
// cpu/*.cc are compiled once for each instruction set with PATCHBAY_ISA naming the namespace; kernelTable.cc picks one at run time.
#pragma once
#include "../core/tensor.h"
#include "../core/threadPool.h"

namespace patchbay {

// How a matrix W[n, k] is packed into panels of `panel` columns. For a convolution k = (kh * kw) * channels, taps outermost.
enum class WeightFormat : uint8_t {
  stored,  // [ceil(n/panel)][k][panel] in the storage type of the file: half types are not widened
  pairs,   // bf16, rounded to nearest even: [ceil(n/panel)][k/2][panel][2]; k even
  bytes,   // signed bytes with an fp32 scale for each kByteBlock values of a column: a panel is [k][panel] bytes, [ceil(k/block)][panel] scales
  quads,   // the same values plus 128, four of k beside each other: a panel is, for each block, [block/4][panel][4] bytes, [panel] scales
};
constexpr int kWeightFormats = 4;
constexpr int64_t kByteBlock = 64;

struct PackedMatrix {
  const void* data = nullptr;
  DType dtype = DType::f32;  // of the file
  int64_t n = 0, k = 0;
  WeightFormat format = WeightFormat::stored;
};

// Where element (n, tap, c) of a weight lies in its file, in elements. linear [N, K]: taps 1, strideN K, strideC 1;
// transposed [K, N]: strideN 1, strideC N; conv [O, I, kh, kw]: taps kh*kw, strideN I*kh*kw, strideTap 1, strideC kh*kw.
struct MatrixSource {
  const void* data;
  DType dtype;
  int64_t n, taps, channels;
  int64_t strideN, strideTap, strideC;
  bool gated = false;  // panels of the first and of the second half of n take turns; n is a multiple of 2 * panel
};

struct Scratch {
  void* data;          // 64-byte aligned
  size_t bytesEach;    // for each thread: thread t owns data + t * bytesEach
};

struct LinearArgs {
  View x;                // [rows, K]
  PackedMatrix weight;
  const float* bias;     // [N] or null
  View residual;         // [rows, N] or none
  View out;              // [rows, N]; gated: [rows, N/2]
  Activation activation;
  bool gated = false;    // out = (first half of N) * gelu(second half); then no activation and no residual
};

// How a convolution is computed: `automatic` takes what a model of the cost says, in fp32; `winograd` is heeded only where it is possible
// (3x3, stride 1). `winogradPairs` has products of bf16, whatever the format of the weights; only for what fastConvolution said it is for.
enum class ConvMethod : uint8_t { automatic, direct, winograd, winogradPairs };

struct Conv2dArgs {
  View x;                // [N, H, W, I]
  PackedMatrix weight;
  int64_t kernelH, kernelW, strideH, strideW, padTop, padLeft, padBottom, padRight;
  int64_t resizeH, resizeW;  // 0: x as it is; else x is read as if resized by nearest to this size
  const float* bias;     // [O] or null
  View channelAdd;       // [N, O] or none
  View residual;         // [N, Ho, Wo, O] or none
  View out;              // [N, Ho, Wo, O]
  Activation activation;
  ConvMethod method = ConvMethod::automatic;
};

struct MomentsArgs { View x; int64_t groups, chunk; View out; };
struct GroupNormArgs {
  View x;
  const float* gamma;
  const float* beta;
  int64_t groups;
  float eps;
  Activation activation;
  View out;
  View moments = {};        // what moments writes, [N, any, groups, 5], of the tensor that x is a part of
  bool hasMoments = false;  // else x's own
};
struct LayerNormArgs { View x; const float* gamma; const float* beta; float eps; View out; };
struct AttentionArgs { View q, k, v; int64_t heads; bool causal; float scale; View out; };
struct MatmulArgs { View a, b; bool transposed; View out; };
struct SoftmaxArgs { View x; View out; };
struct UnaryArgs { View x; int32_t function; View out; };
struct BinaryArgs { View a, b; int32_t function; View out; };
struct AffineArgs { View x; float scale, shift; View out; };
struct ClampArgs { View x; float low, high; View out; };
struct GegluArgs { View x; View out; };
struct ResizeArgs { View x; int32_t mode; View out; };
struct ReduceArgs { View x; int32_t function; View out; };

// Products with weights in one format. Scratch is what each thread needs for these arguments (data pointers may be null when asked).
struct ProductKernels {
  size_t (*packedBytes)(int64_t n, int64_t k, DType dtype) = nullptr;
  void (*pack)(const MatrixSource&, void* destination, ThreadPool&) = nullptr;
  size_t (*linearScratch)(const LinearArgs&) = nullptr;
  void (*linear)(const LinearArgs&, Scratch, ThreadPool&) = nullptr;
  size_t (*conv2dScratch)(const Conv2dArgs&, int threads) = nullptr;
  void (*conv2d)(const Conv2dArgs&, Scratch, ThreadPool&) = nullptr;
};

struct AttentionKernel {
  size_t (*scratch)(const AttentionArgs&) = nullptr;
  void (*run)(const AttentionArgs&, Scratch, ThreadPool&) = nullptr;
};

struct KernelTable {
  const char* isa;
  int64_t panel;  // columns of a packed panel

  ProductKernels products[kWeightFormats];  // by format; without kernels where this instruction set lacks the format
  const ProductKernels& with(WeightFormat format) const { return products[int(format)]; }
  // Where products of bf16 are allowed: `direct`, then with `pairs`, or a kind of Winograd, with `stored` or `bytes`. Null where the
  // instruction set has none.
  ConvMethod (*fastConvolution)(const Conv2dArgs&);
  AttentionKernel attention;
  AttentionKernel bf16Attention;  // products of bf16, sums and softmax in fp32; empty where the instruction set lacks them

  size_t (*momentsScratch)(const MomentsArgs&);
  void (*moments)(const MomentsArgs&, Scratch, ThreadPool&);
  size_t (*groupNormScratch)(const GroupNormArgs&);
  void (*groupNorm)(const GroupNormArgs&, Scratch, ThreadPool&);
  void (*layerNorm)(const LayerNormArgs&, ThreadPool&);
  size_t (*matmulScratch)(const MatmulArgs&);
  void (*matmul)(const MatmulArgs&, Scratch, ThreadPool&);
  void (*softmax)(const SoftmaxArgs&, ThreadPool&);
  void (*unary)(const UnaryArgs&, ThreadPool&);
  void (*binary)(const BinaryArgs&, ThreadPool&);
  void (*affine)(const AffineArgs&, ThreadPool&);
  void (*clamp)(const ClampArgs&, ThreadPool&);
  void (*geglu)(const GegluArgs&, ThreadPool&);
  void (*resize)(const ResizeArgs&, ThreadPool&);
  void (*reduce)(const ReduceArgs&, ThreadPool&);
  void (*widen)(const void* source, DType dtype, float* destination, int64_t count);  // half types to fp32
};

// Tables this build and this machine have, best first; the last is always "generic".
const KernelTable* const* availableKernels(int* count);
// Null when this machine lacks it.
const KernelTable* kernelsFor(const char* isa);

}  // namespace patchbay
