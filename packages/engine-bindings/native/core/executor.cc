#include "executor.h"

#include <algorithm>
#include <chrono>

#include "error.h"
#include "move.h"

namespace patchbay {
namespace {

// Where the tensors of a run lie. Without addresses it only tells shapes, which is what asking for scratch needs.
struct Run {
  const Plan& plan;
  const KernelTable& kernels;
  ThreadPool* pool = nullptr;
  const RunRequest* request = nullptr;
  uint8_t* arena = nullptr;
  Scratch scratch{nullptr, 0};

  View view(uint32_t index, Form form = Form::dense) const {
    const PlanTensor& t = plan.tensors[index];
    View view = t.shape();
    if (t.kind == TensorKind::weight && form == Form::dense) view.dtype = DType::f32;
    if (!request) return view;
    switch (t.kind) {
      case TensorKind::arena: view.data = arena + t.offset; break;
      case TensorKind::input: view.data = static_cast<uint8_t*>(request->inputs[t.slot]) + t.offset; break;
      case TensorKind::output: view.data = static_cast<uint8_t*>(request->outputs[t.slot]) + t.offset; break;
      case TensorKind::constant: view.data = static_cast<uint8_t*>(plan.constants.data()) + t.offset; break;
      default: view.data = const_cast<void*>(plan.weights[t.slot]->ready(form, kernels, *pool));
    }
    return view;
  }

  PackedMatrix matrix(const PlanOp& op, size_t operand) const {
    Form form = formOf(op, operand);
    const Weight& weight = *plan.weights[plan.tensors[op.inputs[operand]].slot];
    auto size = matrixSize(weight.shape(), form);
    return {view(op.inputs[operand], form).data, weight.dtype(), size.n, size.k};
  }

  View out(const PlanOp& op) const { return view(op.output); }
  View in(const PlanOp& op, size_t operand) const { return view(op.inputs[operand]); }
};

LinearArgs linearArgs(const Run& run, const PlanOp& op) {
  LinearArgs args{run.in(op, 0), run.matrix(op, 1), nullptr, {}, run.out(op), Activation(op.ints[1])};
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
  size_t next = 2;
  if (op.ints[0] & 1) args.bias = run.in(op, next++).f32();
  if (op.ints[0] & 2) args.channelAdd = run.in(op, next++);
  if (op.ints[0] & 4) args.residual = run.in(op, next);
  return args;
}

GroupNormArgs groupNormArgs(const Run& run, const PlanOp& op) {
  return {run.in(op, 0), run.in(op, 1).f32(), run.in(op, 2).f32(), op.ints[0], op.floats[0], Activation(op.ints[1]), run.out(op)};
}

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

size_t scratchOf(const Run& run, const PlanOp& op, int threads) {
  const KernelTable& k = run.kernels;
  switch (op.op) {
    case Op::linear: return k.linearScratch(linearArgs(run, op));
    case Op::conv2d: return k.conv2dScratch(conv2dArgs(run, op), threads);
    case Op::groupNorm: return k.groupNormScratch(groupNormArgs(run, op));
    case Op::attention: return k.attentionScratch(attentionArgs(run, op));
    case Op::matmul: return k.matmulScratch(matmulArgs(run, op));
    default: return 0;
  }
}

void runOp(const Run& run, const PlanOp& op) {
  const KernelTable& k = run.kernels;
  ThreadPool& pool = *run.pool;
  switch (op.op) {
    case Op::linear: return k.linear(linearArgs(run, op), run.scratch, pool);
    case Op::conv2d: return k.conv2d(conv2dArgs(run, op), run.scratch, pool);
    case Op::groupNorm: return k.groupNorm(groupNormArgs(run, op), run.scratch, pool);
    case Op::layerNorm: return k.layerNorm(layerNormArgs(run, op), pool);
    case Op::attention: return k.attention(attentionArgs(run, op), run.scratch, pool);
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

size_t scratchEach(const Plan& plan, const KernelTable& kernels, int threads) {
  Run run{plan, kernels};
  size_t most = 0;
  for (const PlanOp& op : plan.ops) most = std::max(most, scratchOf(run, op, threads));
  return (most + 63) / 64 * 64;
}

}  // namespace

PlanMemory planMemory(const Plan& plan, const KernelTable& kernels, int threads) {
  PlanMemory memory{plan.arenaBytes, scratchEach(plan, kernels, threads) * uint64_t(threads), 0};
  for (const Plan::Need& need : plan.needs) memory.packedWeights += plan.weights[need.weight]->formBytes(need.form, kernels);
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

// Before the op, so that it is neither timed nor left half done by a cancel: the form stays for later runs.
void packWeights(const Run& run, const PlanOp& op) {
  for (size_t operand = 0; operand < op.inputs.size(); ++operand) {
    const PlanTensor& t = run.plan.tensors[op.inputs[operand]];
    if (t.kind == TensorKind::weight) run.plan.weights[t.slot]->ready(formOf(op, operand), run.kernels, *run.pool);
  }
}

}  // namespace

void execute(const std::shared_ptr<Plan>& plan, const RunRequest& request, const KernelTable& kernels, ThreadPool& pool, ScratchCache& cache) {
  if (request.stop.raised()) failCancelled();
  if (cache.owner.lock() != plan) cache.clear();
  size_t each = scratchEach(*plan, kernels, pool.threads()), workspace = each * size_t(pool.threads());
  if (cache.arena.size() < plan->arenaBytes) cache.arena = Block();
  if (cache.workspace.size() < workspace) cache.workspace = Block();
  uint64_t needed = (cache.arena.size() ? 0 : plan->arenaBytes) + (cache.workspace.size() ? 0 : workspace);
  for (const Plan::Need& need : plan->needs) needed += plan->weights[need.weight]->missingBytes(need.form, kernels);
  uint64_t held = uint64_t(std::max<int64_t>(0, memoryUse().current));
  if (request.memoryLimit && held + needed > request.memoryLimit)
    fail("ENGINE_MEMORY", "could not start the run: it needs %llu MB beyond the %llu MB in use, and the limit is %llu MB", (unsigned long long)needed >> 20,
         (unsigned long long)held >> 20, (unsigned long long)request.memoryLimit >> 20);
  cache.owner = plan;
  if (!cache.arena.size()) cache.arena = Block(plan->arenaBytes, "activations");
  if (!cache.workspace.size()) cache.workspace = Block(workspace, "the kernels' workspace");

  Run run{*plan, kernels, &pool, &request, static_cast<uint8_t*>(cache.arena.data()), {cache.workspace.data(), each}};
  using Clock = std::chrono::steady_clock;
  const int64_t total = int64_t(plan->ops.size());
  for (int64_t i = 0; i < total; ++i) {
    const PlanOp& op = plan->ops[size_t(i)];
    if (request.stop.raised()) failCancelled();
    packWeights(run, op);
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
