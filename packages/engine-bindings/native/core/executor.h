// Replays a plan.
#pragma once
#include <functional>

#include "memory.h"
#include "plan.h"

namespace patchbay {

struct PlanMemory {
  uint64_t arena, workspace, packedWeights;
};

// Bytes a run takes with these kernels and this number of threads. Weights count once for each form.
PlanMemory planMemory(const Plan& plan, const KernelTable& kernels, int threads);

struct RunRequest {
  std::vector<void*> inputs, outputs;
  StopSignal stop;  // ends the run before the next task of an op
  std::function<void(int64_t done, int64_t total)> progress;
  uint64_t memoryLimit = 0;                  // 0: none
  std::vector<double>* opNanoseconds = nullptr;
};

// Arena and workspace of the plan that ran last: kept for its next run, freed before another plan needs memory.
struct ScratchCache {
  std::weak_ptr<Plan> owner;
  Block arena, workspace;

  void clear() { *this = ScratchCache(); }
};

// Throws ENGINE_MEMORY before anything is computed when the run can't fit, ENGINE_CANCELLED, ENGINE_DISPOSED, ENGINE_BOUNDS (gather).
void execute(const std::shared_ptr<Plan>& plan, const RunRequest& request, const KernelTable& kernels, ThreadPool& pool, ScratchCache& cache);

}  // namespace patchbay
