// Decoding a plan. Every count is checked against the bytes that are left before anything of its size is made.
#include "plan.h"

#include <cstring>

#include "error.h"

namespace patchbay {
namespace {

constexpr uint32_t kMagic = 0x4c504250, kVersion = 3;
constexpr int64_t kMostElements = int64_t{1} << 40;

struct OpRow {
  const char* name;
  int least, most, ints, floats;
};
const OpRow kOps[] = {
#define PATCHBAY_OP(name, least, most, ints, floats) {#name, least, most, ints, floats},
#include "opTable.def"
#undef PATCHBAY_OP
};

class Reader {
 public:
  Reader(const uint8_t* bytes, size_t size) : at_(bytes), left_(size) {}

  uint32_t word() {
    uint32_t value;
    memcpy(&value, take(4), 4);
    return value;
  }
  uint64_t wide() {
    uint64_t low = word();
    return low | uint64_t(word()) << 32;
  }
  const uint8_t* take(uint64_t bytes) {
    if (bytes > left_) fail("ENGINE_PLAN", "could not read the plan: it ends early");
    const uint8_t* from = at_;
    at_ += bytes;
    left_ -= bytes;
    return from;
  }
  // A count of things that take at least `each` bytes.
  uint32_t counted(uint64_t each) {
    uint32_t count = word();
    check(count, each);
    return count;
  }
  void check(uint64_t count, uint64_t each) const {
    if (count > left_ / each) fail("ENGINE_PLAN", "could not read the plan: it names %llu parts and ends early", (unsigned long long)count);
  }
  size_t left() const { return left_; }

 private:
  const uint8_t* at_;
  size_t left_;
};

PlanTensor readTensor(Reader& reader, size_t position) {
  auto wrong = [&](const char* what) { fail("ENGINE_PLAN", "could not read the plan: tensor %zu %s", position, what); };
  PlanTensor t{};
  uint32_t kind = reader.word(), dtype = reader.word();
  if (kind >= uint32_t(TensorKind::count)) wrong("has an unknown kind");
  if (dtype > uint32_t(DType::i32)) wrong("has an unknown dtype");
  t.kind = TensorKind(kind);
  t.dtype = DType(dtype);
  t.slot = reader.word();
  uint32_t rank = reader.word();
  if (rank > uint32_t(kMaxRank)) wrong("has more than 6 dimensions");
  t.rank = int(rank);
  int64_t rows = 1;
  for (int i = 0; i < t.rank; ++i) {
    t.dims[i] = int64_t(reader.word());
    if (t.dims[i] < 1 || t.dims[i] > INT32_MAX) wrong("has a dimension outside 1..2^31-1");
    // Both factors are positive, and the product can pass 2^64.
    if (i + 1 < t.rank && (__builtin_mul_overflow(rows, t.dims[i], &rows) || rows > kMostElements)) wrong("has more than 2^40 elements");
  }
  int64_t last = t.rank ? t.dims[t.rank - 1] : 1;
  t.rowStride = int64_t(reader.word());
  if (t.rowStride < last || t.rowStride > INT32_MAX) wrong("has rows that overlap");
  // rows < 2^40 and rowStride < 2^31, so the product is checked in 128 bits.
  if (__int128(rows - 1) * t.rowStride + last > kMostElements) wrong("reaches over more than 2^40 elements");
  t.offset = reader.wide();
  if (t.offset > uint64_t(kMostElements) * 4 || t.offset % byteSize(t.dtype) != 0) wrong("has an offset that is too large or not aligned");
  return t;
}

// Byte ranges in the same buffer that meet.
bool overlap(const PlanTensor& a, const PlanTensor& b) {
  if (a.kind != b.kind || (a.kind != TensorKind::arena && a.slot != b.slot)) return false;
  return a.offset < b.offset + b.extent() && b.offset < a.offset + a.extent();
}

bool mayOverwrite(Op op, size_t operand, const PlanOp& planned) {
  switch (op) {
    case Op::unary: case Op::affine: case Op::clamp: case Op::softmax: case Op::groupNorm: case Op::layerNorm: return operand == 0;
    case Op::binary: return operand <= 1;
    // The residual is the last operand where the mask says that it is there.
    case Op::linear: return (planned.ints[0] & 2) && operand + 1 == planned.inputs.size();
    case Op::conv2d: return (planned.ints[0] & 4) && operand + 1 == planned.inputs.size();
    default: return false;
  }
}

void checkOverlaps(const Plan& plan, const PlanOp& op, size_t position) {
  const PlanTensor& out = plan.tensors[op.output];
  for (size_t i = 0; i < op.inputs.size(); ++i) {
    const PlanTensor& in = plan.tensors[op.inputs[i]];
    if (!overlap(in, out)) continue;
    bool same = in.offset == out.offset && in.rowStride == out.rowStride && in.rank == out.rank &&
                memcmp(in.dims, out.dims, sizeof(int64_t) * size_t(in.rank)) == 0;
    if (!same || !mayOverwrite(op.op, i, op))
      fail("ENGINE_PLAN", "could not load the plan: op %zu \"%s\" writes over its operand %zu", position, opName(op.op), i);
  }
}

PlanOp readOp(Reader& reader, const Plan& plan, size_t position) {
  uint32_t code = reader.word();
  if (code >= uint32_t(Op::count)) fail("ENGINE_PLAN", "could not read the plan: op %zu has the unknown opcode %u", position, code);
  PlanOp op;
  op.op = Op(code);
  auto wrong = [&](const char* what) { fail("ENGINE_PLAN", "could not read the plan: op %zu \"%s\" %s", position, opName(op.op), what); };
  auto tensor = [&] {
    uint32_t index = reader.word();
    if (index >= plan.tensors.size()) wrong("names a tensor that is not there");
    return index;
  };
  const OpRow& row = kOps[code];
  uint32_t inputs = reader.counted(4);
  if (int64_t(inputs) < row.least || (row.most >= 0 && int64_t(inputs) > row.most)) wrong("has a wrong number of operands");
  for (uint32_t i = 0; i < inputs; ++i) op.inputs.push_back(tensor());
  op.output = tensor();
  uint32_t ints = reader.counted(4);
  if (row.ints >= 0 ? int64_t(ints) != row.ints : ints > uint32_t(kMaxRank)) wrong("has a wrong number of ints");
  for (uint32_t i = 0; i < ints; ++i) op.ints.push_back(int32_t(reader.word()));
  uint32_t floats = reader.counted(4);
  if (int64_t(floats) != row.floats) wrong("has a wrong number of floats");
  for (uint32_t i = 0; i < floats; ++i) {
    uint32_t bits = reader.word();
    float value;
    memcpy(&value, &bits, 4);
    op.floats.push_back(value);
  }
  const PlanTensor& out = plan.tensors[op.output];
  if (out.dtype != DType::f32) wrong("writes a tensor that is not f32");
  if (out.kind != TensorKind::arena && out.kind != TensorKind::output) wrong("writes to what can only be read");
  return op;
}

void placeTensor(Plan& plan, const PlanTensor& t, size_t position) {
  auto wrong = [&](const char* what) { fail("ENGINE_PLAN", "could not read the plan: tensor %zu %s", position, what); };
  uint64_t end = t.offset + t.extent();
  switch (t.kind) {
    case TensorKind::arena:
      if (end > plan.arenaBytes) wrong("leaves the arena");
      break;
    case TensorKind::constant:
      if (end > plan.constants.size()) wrong("leaves the constants");
      break;
    case TensorKind::weight: {
      if (t.slot >= plan.weights.size()) wrong("names a weight that is not there");
      const Weight& weight = *plan.weights[t.slot];
      bool same = t.dtype == weight.dtype() && size_t(t.rank) == weight.shape().size() && t.offset == 0;
      for (int i = 0; same && i < t.rank; ++i) same = t.dims[i] == weight.shape()[size_t(i)];
      if (!same || !t.shape().contiguous()) wrong("has another shape or type than its weight");
      break;
    }
    default: {
      std::vector<uint64_t>& buffers = t.kind == TensorKind::input ? plan.inputBytes : plan.outputBytes;
      if (t.slot >= buffers.size()) wrong("names an input or output that is not there");
      if (end > buffers[t.slot]) buffers[t.slot] = end;
    }
  }
}

}  // namespace

const char* opName(Op op) { return kOps[size_t(op)].name; }

View PlanTensor::shape() const {
  View view;
  view.dtype = dtype;
  view.rank = rank;
  memcpy(view.dims, dims, sizeof view.dims);
  view.rowStride = rowStride;
  return view;
}

uint64_t PlanTensor::extent() const {
  View view = shape();
  return uint64_t((view.rows() - 1) * rowStride + view.last()) * byteSize(dtype);
}

Form formOf(const PlanOp& op, size_t position) {
  if (op.op == Op::linear && position == 1) return op.ints[2] == 0 ? Form::matrix : op.ints[2] == 1 ? Form::transposed : Form::gated;
  if (op.op == Op::conv2d && position == 1) return Form::conv;
  if (op.op == Op::gather && position == 0) return Form::table;
  return Form::dense;
}

std::shared_ptr<Plan> decodePlan(const uint8_t* bytes, size_t size, std::vector<std::shared_ptr<Weight>> weights) {
  Reader reader(bytes, size);
  if (reader.word() != kMagic) fail("ENGINE_PLAN", "could not read the plan: it does not begin with PBPL");
  uint32_t version = reader.word();
  if (version != kVersion) fail("ENGINE_PLAN", "could not read the plan: version %u, this engine reads version %u", version, kVersion);
  auto plan = std::make_shared<Plan>();
  plan->weights = std::move(weights);
  uint32_t tensors = reader.word(), ops = reader.word(), weightCount = reader.word(), inputs = reader.word(), outputs = reader.word();
  uint32_t constants = reader.word();
  plan->arenaBytes = reader.wide();
  uint32_t precision = reader.word();
  if (precision >= uint32_t(Precision::count)) fail("ENGINE_PLAN", "could not read the plan: unknown precision %u", precision);
  plan->precision = Precision(precision);
  if (weightCount != plan->weights.size())
    fail("ENGINE_PLAN", "could not load the plan: it names %u weights and %zu were given", weightCount, plan->weights.size());
  if (plan->arenaBytes > uint64_t(kMostElements)) fail("ENGINE_PLAN", "could not read the plan: its arena is larger than 2^40 bytes");
  if (inputs > 4096 || outputs > 4096) fail("ENGINE_PLAN", "could not read the plan: more than 4096 inputs or outputs");
  plan->inputBytes.resize(inputs);
  plan->outputBytes.resize(outputs);
  const uint8_t* data = reader.take((uint64_t(constants) + 3) / 4 * 4);
  plan->constants = Block(constants, "a plan's constants");
  if (constants) memcpy(plan->constants.data(), data, constants);
  reader.check(tensors, 28);
  for (uint32_t i = 0; i < tensors; ++i) {
    plan->tensors.push_back(readTensor(reader, i));
    placeTensor(*plan, plan->tensors.back(), i);
  }
  reader.check(ops, 20);
  for (uint32_t i = 0; i < ops; ++i) {
    plan->ops.push_back(readOp(reader, *plan, i));
    checkOp(*plan, i);
    checkOverlaps(*plan, plan->ops.back(), i);
  }
  if (reader.left() != 0) fail("ENGINE_PLAN", "could not read the plan: %zu bytes are left over", reader.left());
  return plan;
}

}  // namespace patchbay
