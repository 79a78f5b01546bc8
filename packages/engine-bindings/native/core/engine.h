// The engine of a process: its settings, its thread, and the queue of what that thread does.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "executor.h"

namespace patchbay {

class Engine {
 public:
  // The one engine, shared by every environment of the process, gone with its last user.
  static std::shared_ptr<Engine> shared();
  Engine();
  ~Engine();

  // Later runs use these. Throws ENGINE_ARGUMENT, ENGINE_ISA.
  void setThreads(int threads);
  void setIsa(const std::string& isa);
  int threads();
  const KernelTable& kernels();

  // Runs `job` on the engine's thread, after all that was posted before. `job` must not throw. Throws ENGINE_MEMORY.
  void post(std::function<void()> job);
  // For jobs: replays a plan with the settings of now.
  void execute(const std::shared_ptr<Plan>& plan, const RunRequest& request);
  // Frees the memory kept for `plan`'s next run, after what is queued.
  void forget(const std::shared_ptr<Plan>& plan);

 private:
  void loop();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  std::thread thread_;
  bool stopping_ = false;
  int threads_ = 0;
  const KernelTable* kernels_ = nullptr;
  std::unique_ptr<ThreadPool> pool_;  // of the engine's thread, like the cache
  ScratchCache cache_;
};

}  // namespace patchbay
