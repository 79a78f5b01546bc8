#include "executor.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <tuple>

#include "error.h"
#include "move.h"

namespace patchbay {
namespace {

// Where the tensors of a run lie. Without addresses it only tells shapes, which is what asking for scratch needs.
struct Run {
  const Plan& plan;
  const KernelTable& kernels;
  // How each op multiplies; empty while that is being chosen.
  struct Choice {
    WeightFormat format = WeightFormat::stored;
    ConvMethod method = ConvMethod::automatic;
  };
  std::vector<Choice> choices;
  ThreadPool* pool = nullptr;
  const RunRequest* request = nullptr;
  uint8_t* arena = nullptr;
  Scratch scratch{nullptr, 0};

  Choice choiceOf(const PlanOp& op) const { return choices.empty() ? Choice() : choices[size_t(&op - plan.ops.data())]; }
  WeightFormat formatOf(const PlanOp& op) const { return choiceOf(op).format; }

  View view(uint32_t index, Form form = Form::dense, WeightFormat format = WeightFormat::stored) const {
    const PlanTensor& t = plan.tensors[index];
    View view = t.shape();
    if (t.kind == TensorKind::weight && form == Form::dense) view.dtype = DType::f32;
    if (!request) return view;
    switch (t.kind) {
      case TensorKind::arena: view.data = arena + t.offset; break;
      case TensorKind::input: view.data = static_cast<uint8_t*>(request->inputs[t.slot]) + t.offset; break;
      case TensorKind::output: view.data = static_cast<uint8_t*>(request->outputs[t.slot]) + t.offset; break;
      case TensorKind::constant: view.data = static_cast<uint8_t*>(plan.constants.data()) + t.offset; break;
      default: view.data = const_cast<void*>(plan.weights[t.slot]->ready({form, format, &kernels}, *pool));
    }
    return view;
  }

  PackedMatrix matrix(const PlanOp& op, size_t operand) const {
    Form form = formOf(op, operand);
    const Weight& weight = *plan.weights[plan.tensors[op.inputs[operand]].slot];
    auto size = matrixSize(weight.shape(), form);
    WeightFormat format = formatOf(op);
    return {view(op.inputs[operand], form, format).data, weight.dtype(), size.n, size.k, format};
  }

  View out(const PlanOp& op) const { return view(op.output); }
  View in(const PlanOp& op, size_t operand) const { return view(op.inputs[operand]); }
};

LinearArgs linearArgs(const Run& run, const PlanOp& op) {
  LinearArgs args{run.in(op, 0), run.matrix(op, 1), nullptr, {}, run.out(op), Activation(op.ints[1]), op.ints[2] == 2};
  size_t next = 2;
  if (op.ints[0] & 1) args.bias = run.in(op, next++).f32();
  if (op.ints[0] & 2) args.residual = run.in(op, next);
  return args;
}

Conv2dArgs conv2dArgs(const Run& run, const PlanOp& op) {
  const std::vector<int64_t>& shape = run.plan.weights[run.plan.tensors[op.inputs[1]].slot]->shape();
  Conv2dArgs args{};
  args.x = run.in(op, 0);
  args.weight = run.matrix(op, 1);
  args.kernelH = shape[2], args.kernelW = shape[3];
  args.strideH = op.ints[2], args.strideW = op.ints[3];
  args.padTop = op.ints[4], args.padLeft = op.ints[5], args.padBottom = op.ints[6], args.padRight = op.ints[7];
  args.resizeH = op.ints[8], args.resizeW = op.ints[9];
  args.activation = Activation(op.ints[1]);
  args.out = run.out(op);
  args.method = run.choiceOf(op).method;
  size_t next = 2;
  if (op.ints[0] & 1) args.bias = run.in(op, next++).f32();
  if (op.ints[0] & 2) args.channelAdd = run.in(op, next++);
  if (op.ints[0] & 4) args.residual = run.in(op, next);
  return args;
}

GroupNormArgs groupNormArgs(const Run& run, const PlanOp& op) {
  GroupNormArgs args{run.in(op, 0), run.in(op, 1).f32(), run.in(op, 2).f32(), op.ints[1], op.floats[0], Activation(op.ints[2]), run.out(op)};
  args.hasMoments = op.ints[0] & 1;
  if (args.hasMoments) args.moments = run.in(op, 3);
  return args;
}

MomentsArgs momentsArgs(const Run& run, const PlanOp& op) { return {run.in(op, 0), op.ints[0], op.ints[1], run.out(op)}; }

LayerNormArgs layerNormArgs(const Run& run, const PlanOp& op) {
  LayerNormArgs args{run.in(op, 0), nullptr, nullptr, op.floats[0], run.out(op)};
  size_t next = 1;
  if (op.ints[0] & 1) args.gamma = run.in(op, next++).f32();
  if (op.ints[0] & 2) args.beta = run.in(op, next).f32();
  return args;
}

AttentionArgs attentionArgs(const Run& run, const PlanOp& op) {
  return {run.in(op, 0), run.in(op, 1), run.in(op, 2), op.ints[0], op.ints[1] != 0, op.floats[0], run.out(op)};
}

MatmulArgs matmulArgs(const Run& run, const PlanOp& op) { return {run.in(op, 0), run.in(op, 1), op.ints[0] != 0, run.out(op)}; }

const AttentionKernel& attentionKernel(const Run& run) {
  const bool bf16 = run.plan.precision != Precision::exact && run.kernels.bf16Attention.run;
  return bf16 ? run.kernels.bf16Attention : run.kernels.attention;
}

// Bytes lose little where there are many of them: first and last layers, a hundredth of a network's weights, keep what they have.
bool worthBytes(int64_t n, int64_t k) { return n >= 32 && k >= 64; }

Run::Choice choose(const Run& run, const PlanOp& op) {
  const Precision precision = run.plan.precision;
  if (precision == Precision::exact || (op.op != Op::linear && op.op != Op::conv2d)) return {};
  const PackedMatrix matrix = run.matrix(op, 1);
  const bool pairs = run.kernels.with(WeightFormat::pairs).pack;
  if (op.op == Op::linear) {
    if (precision == Precision::small && worthBytes(matrix.n, matrix.k))
      return {run.kernels.with(WeightFormat::quads).pack ? WeightFormat::quads : WeightFormat::bytes};
    return {pairs && matrix.k % 2 == 0 ? WeightFormat::pairs : WeightFormat::stored};
  }
  const Conv2dArgs args = conv2dArgs(run, op);
  const bool bytes = precision == Precision::small && worthBytes(matrix.n, args.x.last());
  const WeightFormat format = bytes ? WeightFormat::bytes : WeightFormat::stored;
  if (!run.kernels.fastConvolution) return {format};
  const ConvMethod method = run.kernels.fastConvolution(args);
  if (method == ConvMethod::direct && !bytes && pairs && args.x.last() % 2 == 0) return {WeightFormat::pairs, method};
  return {format, method};
}

// A run's shapes, with how each op multiplies.
Run shapesOf(const Plan& plan, const KernelTable& kernels) {
  Run run{plan, kernels, {}};
  std::vector<Run::Choice> choices;
  for (const PlanOp& op : plan.ops) choices.push_back(choose(run, op));
  run.choices = std::move(choices);
  return run;
}

// Every weight that an op, or the whole run, needs, with its form.
using Needs = std::set<WeightForm>;
void addNeeds(const Run& run, const PlanOp& op, Needs& needs) {
  for (size_t operand = 0; operand < op.inputs.size(); ++operand) {
    const PlanTensor& t = run.plan.tensors[op.inputs[operand]];
    if (t.kind != TensorKind::weight) continue;
    const Form form = formOf(op, operand);
    const bool packed = form != Form::dense && form != Form::table;
    needs.insert({run.plan.weights[t.slot].get(), {form, packed ? run.formatOf(op) : WeightFormat::stored, &run.kernels}});
  }
}
Needs needsOf(const Run& run, const PlanOp& op) {
  Needs needs;
  addNeeds(run, op, needs);
  return needs;
}
Needs needsOf(const Run& run) {
  Needs needs;
  for (const PlanOp& op : run.plan.ops) addNeeds(run, op, needs);
  return needs;
}
uint64_t missingBytes(const Needs& needs) {
  uint64_t bytes = 0;
  for (const auto& [weight, key] : needs) bytes += weight->missingBytes(key);
  return bytes;
}

size_t scratchOf(const Run& run, const PlanOp& op, int threads) {
  const KernelTable& k = run.kernels;
  const ProductKernels& products = k.with(run.formatOf(op));
  switch (op.op) {
    case Op::linear: return products.linearScratch(linearArgs(run, op));
    case Op::conv2d: return products.conv2dScratch(conv2dArgs(run, op), threads);
    case Op::moments: return k.momentsScratch(momentsArgs(run, op));
    case Op::groupNorm: return k.groupNormScratch(groupNormArgs(run, op));
    case Op::attention: return attentionKernel(run).scratch(attentionArgs(run, op));
    case Op::matmul: return k.matmulScratch(matmulArgs(run, op));
    default: return 0;
  }
}

void runOp(const Run& run, const PlanOp& op) {
  const KernelTable& k = run.kernels;
  const ProductKernels& products = k.with(run.formatOf(op));
  ThreadPool& pool = *run.pool;
  switch (op.op) {
    case Op::linear: return products.linear(linearArgs(run, op), run.scratch, pool);
    case Op::conv2d: return products.conv2d(conv2dArgs(run, op), run.scratch, pool);
    case Op::moments: return k.moments(momentsArgs(run, op), run.scratch, pool);
    case Op::groupNorm: return k.groupNorm(groupNormArgs(run, op), run.scratch, pool);
    case Op::layerNorm: return k.layerNorm(layerNormArgs(run, op), pool);
    case Op::attention: return attentionKernel(run).run(attentionArgs(run, op), run.scratch, pool);
    case Op::matmul: return k.matmul(matmulArgs(run, op), run.scratch, pool);
    case Op::softmax: return k.softmax({run.in(op, 0), run.out(op)}, pool);
    case Op::unary: return k.unary({run.in(op, 0), op.ints[0], run.out(op)}, pool);
    case Op::binary: return k.binary({run.in(op, 0), run.in(op, 1), op.ints[0], run.out(op)}, pool);
    case Op::affine: return k.affine({run.in(op, 0), op.floats[0], op.floats[1], run.out(op)}, pool);
    case Op::clamp: return k.clamp({run.in(op, 0), op.floats[0], op.floats[1], run.out(op)}, pool);
    case Op::geglu: return k.geglu({run.in(op, 0), run.out(op)}, pool);
    case Op::resize: return k.resize({run.in(op, 0), op.ints[0], run.out(op)}, pool);
    case Op::reduce: return k.reduce({run.in(op, 0), op.ints[0], run.out(op)}, pool);
    case Op::concat: {
      std::vector<View> parts;
      for (size_t i = 0; i < op.inputs.size(); ++i) parts.push_back(run.in(op, i));
      return concat(parts.data(), int(parts.size()), op.ints[0], run.out(op), pool);
    }
    case Op::slice: return slice(run.in(op, 0), op.ints.data(), run.out(op), pool);
    case Op::permute: return permute(run.in(op, 0), op.ints.data(), run.out(op), pool);
    case Op::copy: return copy(run.in(op, 0), run.out(op), pool);
    case Op::gather: {
      View table = run.view(op.inputs[0], Form::table);
      return gather(table.data, table.dtype, table.dims[0], run.in(op, 1), run.out(op), k.widen, pool);
    }
    case Op::count: break;
  }
}

size_t scratchEach(const Run& run, int threads) {
  size_t most = 0;
  for (const PlanOp& op : run.plan.ops) most = std::max(most, scratchOf(run, op, threads));
  return (most + 63) / 64 * 64;
}

}  // namespace

PlanMemory planMemory(const Plan& plan, const KernelTable& kernels, int threads) {
  const Run run = shapesOf(plan, kernels);
  PlanMemory memory{plan.arenaBytes, scratchEach(run, threads) * uint64_t(threads), 0};
  for (const auto& [weight, key] : needsOf(run)) memory.packedWeights += weight->formBytes(key);
  return memory;
}

namespace {

[[noreturn]] void failCancelled() { fail("ENGINE_CANCELLED", "the run was cancelled"); }

// While it lives, the pool's tasks heed a signal.
struct Stoppable {
  Stoppable(ThreadPool& threads, const StopSignal& signal) : pool(threads) { pool.stopOn(&signal); }
  ~Stoppable() { pool.stopOn(nullptr); }
  ThreadPool& pool;
};

uint64_t heldBytes() { return uint64_t(std::max<int64_t>(0, memoryUse().current)); }

// Makes room for what a run needs within its limit, by freeing packed weights. Where even all that may go would not do, throws
// ENGINE_MEMORY and frees nothing.
class Budget {
 public:
  Budget(const Run& run, uint64_t buffers, uint64_t limit) : run_(run), limit_(limit) {
    needs_ = needsOf(run);
    const uint64_t missing = missingBytes(needs_);  // throws where one was disposed of
    const uint64_t held = heldBytes(), wanted = held + buffers + missing;
    if (!limit_ || wanted <= limit_) return;
    // What other plans have packed may go, and of this plan's weights no more than one op's must be there at a time.
    uint64_t mostOfAnOp = 0;
    for (const PlanOp& op : run.plan.ops) {
      uint64_t bytes = 0;
      for (const auto& [weight, key] : needsOf(run, op)) bytes += weight->formBytes(key);
      mostOfAnOp = std::max(mostOfAnOp, bytes);
    }
    const uint64_t fixed = held - std::min(held, packedBytes());
    if (fixed + buffers + mostOfAnOp > limit_)
      fail("ENGINE_MEMORY", "could not start the run: it needs %llu MB beyond the %llu MB in use, and the limit is %llu MB",
           (unsigned long long)(buffers + mostOfAnOp) >> 20, (unsigned long long)fixed >> 20, (unsigned long long)limit_ >> 20);
    freeForms(wanted - limit_, needs_, nullptr);
    if (heldBytes() + buffers > limit_) freeForms(heldBytes() + buffers - limit_, needs_, &nothing_);
  }

  // Packs an op's weights: before it, so that it is neither timed nor left half done by a cancel. The forms stay for later runs.
  void pack(const PlanOp& op) const {
    const Needs needs = needsOf(run_, op);
    if (limit_) {
      const uint64_t wanted = heldBytes() + missingBytes(needs);
      if (wanted > limit_) freeForms(wanted - limit_, needs_, &needs);
    }
    for (const auto& [weight, key] : needs) weight->ready(key, *run_.pool);
  }

 private:
  const Run& run_;
  const uint64_t limit_;
  const Needs nothing_;
  Needs needs_;
};

}  // namespace

void execute(const std::shared_ptr<Plan>& plan, const RunRequest& request, const KernelTable& kernels, ThreadPool& pool, ScratchCache& cache) {
  if (request.stop.raised()) failCancelled();
  if (cache.owner.lock() != plan) cache.clear();
  Run run = shapesOf(*plan, kernels);
  size_t each = scratchEach(run, pool.threads()), workspace = each * size_t(pool.threads());
  if (cache.arena.size() < plan->arenaBytes) cache.arena = Block();
  if (cache.workspace.size() < workspace) cache.workspace = Block();
  const uint64_t buffers = (cache.arena.size() ? 0 : plan->arenaBytes) + (cache.workspace.size() ? 0 : workspace);
  const Budget budget(run, buffers, request.memoryLimit);
  cache.owner = plan;
  if (!cache.arena.size()) cache.arena = Block(plan->arenaBytes, "activations");
  if (!cache.workspace.size()) cache.workspace = Block(workspace, "the kernels' workspace");

  run.pool = &pool, run.request = &request, run.arena = static_cast<uint8_t*>(cache.arena.data());
  run.scratch = {cache.workspace.data(), each};
  using Clock = std::chrono::steady_clock;
  const int64_t total = int64_t(plan->ops.size());
  for (int64_t i = 0; i < total; ++i) {
    const PlanOp& op = plan->ops[size_t(i)];
    if (request.stop.raised()) failCancelled();
    budget.pack(op);
    Clock::time_point start = Clock::now();
    {
      Stoppable stoppable(pool, request.stop);
      runOp(run, op);
      if (pool.stopped()) failCancelled();
    }
    if (request.opNanoseconds) request.opNanoseconds->push_back(std::chrono::duration<double, std::nano>(Clock::now() - start).count());
    if (request.progress) request.progress(i + 1, total);
  }
}

}  // namespace patchbay
