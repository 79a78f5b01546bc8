// What each op asks of its operands: the same rules as the front end's, checked again on what arrives.
#include <algorithm>

#include "error.h"
#include "plan.h"

namespace patchbay {
namespace {

struct Checker {
  const Plan& plan;
  const PlanOp& op;
  size_t position;

  [[noreturn]] void wrong(const char* what) const { fail("ENGINE_PLAN", "could not load the plan: op %zu \"%s\": %s", position, opName(op.op), what); }
  void expect(bool holds, const char* what) const {
    if (!holds) wrong(what);
  }
  const PlanTensor& in(size_t operand) const {
    expect(operand < op.inputs.size(), "an operand is missing");
    return plan.tensors[op.inputs[operand]];
  }
  const PlanTensor& out() const { return plan.tensors[op.output]; }
  int64_t last(const PlanTensor& t) const { return t.rank ? t.dims[t.rank - 1] : 1; }
  bool same(const PlanTensor& a, const PlanTensor& b) const { return a.rank == b.rank && std::equal(a.dims, a.dims + a.rank, b.dims); }
  bool sameOuter(const PlanTensor& a, const PlanTensor& b) const {
    return a.rank == b.rank && std::equal(a.dims, a.dims + std::max(a.rank - 1, 0), b.dims);
  }
  // An activation: fp32, or a weight that is widened to it.
  const PlanTensor& activation(size_t operand) const {
    const PlanTensor& t = in(operand);
    expect(t.dtype == DType::f32 || (t.kind == TensorKind::weight && t.dtype != DType::i32), "an operand is not fp32");
    return t;
  }
  const PlanTensor& weight(size_t operand, int rank) const {
    const PlanTensor& t = in(operand);
    expect(t.kind == TensorKind::weight && t.dtype != DType::i32, "the weight operand is not a weight");
    expect(t.rank == rank, "the weight has a wrong number of dimensions");
    return t;
  }
  void vector(size_t operand, int64_t width) const {
    const PlanTensor& t = activation(operand);
    expect(t.rank == 1 && t.dims[0] == width, "a bias, scale or shift has a wrong length");
  }
  // How many optional operands the mask has among its lowest `bits`.
  int optional(int bits) const {
    int32_t mask = op.ints[0];
    expect(mask >= 0 && mask < (1 << bits), "the operand mask names operands that the op lacks");
    return __builtin_popcount(uint32_t(mask));
  }
  void code(size_t index, int32_t count, const char* what) const { expect(op.ints[index] >= 0 && op.ints[index] < count, what); }

  void linear() const {
    expect(op.inputs.size() == size_t(2 + optional(2)), "the operand mask does not match the operands");
    code(1, 4, "unknown activation");
    code(2, 3, "unknown layout");
    const PlanTensor& x = activation(0);
    const PlanTensor& w = weight(1, 2);
    const bool transposed = op.ints[2] == 1, gated = op.ints[2] == 2;
    int64_t n = w.dims[transposed ? 1 : 0], k = w.dims[transposed ? 0 : 1];
    expect(x.rank >= 1 && last(x) == k && last(out()) * (gated ? 2 : 1) == n && sameOuter(x, out()), "shapes don't fit");
    // Whole panels of every instruction set.
    expect(!gated || (n % 64 == 0 && op.ints[1] == 0 && !(op.ints[0] & 2)), "gated takes halves of a multiple of 32, no activation and no residual");
    size_t next = 2;
    if (op.ints[0] & 1) vector(next++, n);
    if (op.ints[0] & 2) expect(same(activation(next), out()), "the residual has another shape");
  }

  void conv2d() const {
    expect(op.inputs.size() == size_t(2 + optional(3)), "the operand mask does not match the operands");
    code(1, 4, "unknown activation");
    const PlanTensor& x = activation(0);
    const PlanTensor& w = weight(1, 4);
    expect(x.rank == 4 && out().rank == 4, "x and the result must have four dimensions");
    expect(x.dims[3] == w.dims[1] && out().dims[3] == w.dims[0] && out().dims[0] == x.dims[0], "channels or batch don't fit");
    for (size_t i = 2; i < 10; ++i) {
      const int32_t least = i < 4 ? 1 : i < 8 ? -(1 << 24) : 0;
      expect(op.ints[i] >= least && op.ints[i] <= (1 << 24), "a stride, padding or size is out of range");
    }
    expect((op.ints[8] == 0) == (op.ints[9] == 0), "resize needs both sides");
    for (int axis = 0; axis < 2; ++axis) {
      int64_t read = op.ints[size_t(8 + axis)] ? op.ints[size_t(8 + axis)] : x.dims[1 + axis];
      int64_t padded = read + op.ints[size_t(4 + axis)] + op.ints[size_t(6 + axis)] - w.dims[2 + axis];
      expect(padded >= 0 && padded / op.ints[size_t(2 + axis)] + 1 == out().dims[1 + axis], "the picture's size doesn't fit");
    }
    size_t next = 2;
    if (op.ints[0] & 1) vector(next++, w.dims[0]);
    if (op.ints[0] & 2) {
      const PlanTensor& add = activation(next++);
      expect(add.rank == 2 && add.dims[0] == x.dims[0] && add.dims[1] == w.dims[0], "channelAdd has another shape");
    }
    if (op.ints[0] & 4) expect(same(activation(next), out()), "the residual has another shape");
  }

  void groupNorm() const {
    expect(op.inputs.size() == size_t(3 + optional(1)), "the operand mask does not match the operands");
    const PlanTensor& x = activation(0);
    expect(x.rank >= 2 && same(x, out()), "shapes don't fit");
    expect(op.ints[1] >= 1 && last(x) % op.ints[1] == 0, "the channels don't divide into the groups");
    code(2, 4, "unknown activation");
    vector(1, last(x));
    vector(2, last(x));
    if (op.ints[0] & 1) moments(activation(3), x.dims[0], op.ints[1]);
  }

  void moments(const PlanTensor& t, int64_t samples, int64_t groups) const {
    expect(t.rank == 4 && t.dims[0] == samples && t.dims[2] == groups && t.dims[3] == 5 && t.rowStride == 5, "the moments have another shape");
  }
  void moments() const {
    const PlanTensor& x = activation(0);
    expect(x.rank >= 2 && op.ints[0] >= 1 && last(x) % op.ints[0] == 0, "the channels don't divide into the groups");
    moments(out(), x.dims[0], op.ints[0]);
    const int64_t length = x.rank > 2 ? x.dims[1] : 1;
    expect(op.ints[1] >= 1 && out().dims[1] == (length + op.ints[1] - 1) / op.ints[1], "the moments have another shape");
  }

  void layerNorm() const {
    expect(op.inputs.size() == size_t(1 + optional(2)), "the operand mask does not match the operands");
    const PlanTensor& x = activation(0);
    expect(x.rank >= 1 && same(x, out()), "shapes don't fit");
    for (size_t i = 1; i < op.inputs.size(); ++i) vector(i, last(x));
  }

  void attention() const {
    const PlanTensor& q = activation(0);
    const PlanTensor& k = activation(1);
    const PlanTensor& v = activation(2);
    expect(q.rank == 3 && k.rank == 3 && same(q, out()) && same(k, v), "shapes don't fit");
    expect(q.dims[0] == k.dims[0] && q.dims[2] == k.dims[2], "q and k don't fit");
    expect(op.ints[0] >= 1 && q.dims[2] % op.ints[0] == 0, "the width doesn't divide into the heads");
    code(1, 2, "causal is not 0 or 1");
  }

  void matmul() const {
    const PlanTensor& a = activation(0);
    const PlanTensor& b = activation(1);
    code(0, 2, "transposed is not 0 or 1");
    expect(a.rank >= 2 && a.rank == b.rank && sameOuter(a, out()), "shapes don't fit");
    for (int i = 0; i + 2 < a.rank; ++i) expect(a.dims[i] == b.dims[i], "leading dimensions differ");
    int64_t k = b.dims[b.rank - (op.ints[0] ? 1 : 2)], n = b.dims[b.rank - (op.ints[0] ? 2 : 1)];
    expect(last(a) == k && last(out()) == n, "the inner dimension or the result doesn't fit");
  }

  void elementwise() const { expect(same(activation(0), out()), "shapes don't fit"); }
  void softmax() const { elementwise(); }
  void affine() const { elementwise(); }
  void clamp() const { elementwise(); }
  void unary() const {
    elementwise();
    code(0, 13, "unknown function");
  }

  void binary() const {
    code(0, 6, "unknown function");
    const PlanTensor& a = activation(0);
    const PlanTensor& b = activation(1);
    int rank = std::max(a.rank, b.rank);
    expect(out().rank == rank, "shapes don't fit");
    auto dim = [&](const PlanTensor& t, int axis) { return axis - rank + t.rank < 0 ? 1 : t.dims[axis - rank + t.rank]; };
    for (int axis = 0; axis < rank; ++axis) {
      int64_t m = dim(a, axis), n = dim(b, axis), o = out().dims[axis];
      expect((m == n || m == 1 || n == 1) && o == std::max(m, n), "shapes don't broadcast");
    }
  }

  void geglu() const {
    const PlanTensor& x = activation(0);
    expect(x.rank >= 1 && sameOuter(x, out()) && last(x) == 2 * last(out()), "shapes don't fit");
  }

  void concat() const {
    expect(op.ints[0] >= 0 && op.ints[0] < out().rank, "the axis is not a dimension");
    int64_t sum = 0;
    for (size_t i = 0; i < op.inputs.size(); ++i) {
      const PlanTensor& x = activation(i);
      expect(x.rank == out().rank, "shapes don't fit");
      for (int axis = 0; axis < x.rank; ++axis) expect(axis == op.ints[0] || x.dims[axis] == out().dims[axis], "shapes don't fit");
      sum += x.dims[op.ints[0]];
    }
    expect(sum == out().dims[op.ints[0]], "the result has another length");
  }

  void slice() const {
    const PlanTensor& x = activation(0);
    expect(x.rank == out().rank && op.ints.size() == size_t(x.rank), "shapes don't fit");
    for (int axis = 0; axis < x.rank; ++axis)
      expect(op.ints[size_t(axis)] >= 0 && op.ints[size_t(axis)] + out().dims[axis] <= x.dims[axis], "the slice is not inside");
  }

  void permute() const {
    const PlanTensor& x = activation(0);
    expect(x.rank == out().rank && op.ints.size() == size_t(x.rank), "shapes don't fit");
    uint32_t seen = 0;
    for (int axis = 0; axis < x.rank; ++axis) {
      int32_t from = op.ints[size_t(axis)];
      expect(from >= 0 && from < x.rank && !(seen & (1u << from)) && out().dims[axis] == x.dims[from], "the order is not one of its dimensions");
      seen |= 1u << from;
    }
  }

  void resize() const {
    const PlanTensor& x = activation(0);
    code(0, 2, "unknown mode");
    expect(x.rank == 4 && out().rank == 4 && x.dims[0] == out().dims[0] && x.dims[3] == out().dims[3], "shapes don't fit");
  }

  void gather() const {
    const PlanTensor& table = weight(0, 2);
    const PlanTensor& ids = in(1);
    expect(ids.dtype == DType::i32 && ids.kind != TensorKind::weight, "ids are not int32");
    expect(out().rank == ids.rank + 1 && std::equal(ids.dims, ids.dims + ids.rank, out().dims) && last(out()) == table.dims[1], "shapes don't fit");
  }

  void reduce() const {
    const PlanTensor& x = activation(0);
    code(0, 4, "unknown function");
    expect(x.rank >= 1 && sameOuter(x, out()) && last(out()) == 1, "shapes don't fit");
  }

  void copy() const { expect(activation(0).shape().count() == out().shape().count(), "the number of elements differs"); }
};

}  // namespace

void checkOp(const Plan& plan, size_t position) {
  const PlanOp& op = plan.ops[position];
  Checker checker{plan, op, position};
  switch (op.op) {
#define PATCHBAY_OP(name, least, most, ints, floats) \
  case Op::name:                                     \
    return checker.name();
#include "opTable.def"
#undef PATCHBAY_OP
    case Op::count: break;
  }
}

}  // namespace patchbay
