// A decoded plan (src/planFormat.ts). decodePlan has checked all of it: the executor trusts it.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "memory.h"
#include "tensor.h"
#include "weight.h"

namespace patchbay {

enum class Op : uint32_t {
#define PATCHBAY_OP(name, least, most, ints, floats) name,
#include "opTable.def"
#undef PATCHBAY_OP
  count
};

const char* opName(Op op);

// Which arithmetic a plan's products may use (PRECISIONS in src/planFormat.ts).
enum class Precision : uint32_t {
  exact,  // fp32
  fast,   // bf16 with sums in fp32, where the kernels have it
  small,  // weights in bytes with scales; what `fast` does elsewhere
  count
};

enum class TensorKind : uint32_t { arena, input, output, weight, constant, count };

struct PlanTensor {
  TensorKind kind;
  DType dtype;
  uint32_t slot;
  int rank;
  int64_t dims[kMaxRank];
  int64_t rowStride;
  uint64_t offset;  // bytes

  View shape() const;       // a view without data
  uint64_t extent() const;  // bytes from its first element to the end of its last
};

struct PlanOp {
  Op op;
  std::vector<uint32_t> inputs;
  uint32_t output;
  std::vector<int32_t> ints;
  std::vector<float> floats;
};

struct Plan {
  uint64_t arenaBytes = 0;
  Block constants;
  std::vector<PlanTensor> tensors;
  std::vector<PlanOp> ops;
  std::vector<std::shared_ptr<Weight>> weights;
  std::vector<uint64_t> inputBytes, outputBytes;  // the least each buffer must have
  Precision precision = Precision::exact;
};

// The form in which an op reads its operand at `position`, where that is a weight.
Form formOf(const PlanOp& op, size_t position);

// Throws ENGINE_PLAN with the op's position and what is wrong.
std::shared_ptr<Plan> decodePlan(const uint8_t* bytes, size_t size, std::vector<std::shared_ptr<Weight>> weights);

// Shapes, operand kinds and attributes of one op (checkOp.cc); throws ENGINE_PLAN.
void checkOp(const Plan& plan, size_t position);

}  // namespace patchbay
