#include "engine.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "error.h"

namespace patchbay {
namespace {

constexpr int kMostThreads = 256;

std::string isaNames() {
  int count = 0;
  const KernelTable* const* tables = availableKernels(&count);
  std::string names;
  for (int i = 0; i < count; ++i) names += (i ? ", " : "") + std::string(tables[i]->isa);
  return names;
}

const KernelTable* findIsa(const std::string& isa) {
  const KernelTable* found = kernelsFor(isa.c_str());
  if (!found) fail("ENGINE_ISA", "could not use the instruction set \"%s\": this machine has %s", isa.c_str(), isaNames().c_str());
  return found;
}

int checkThreads(int threads) {
  if (threads < 1 || threads > kMostThreads) fail("ENGINE_ARGUMENT", "could not use %d threads: the number must be in 1..%d", threads, kMostThreads);
  return threads;
}

// PATCHBAY_THREADS, or as many as the machine has.
int defaultThreads() {
  const char* wanted = getenv("PATCHBAY_THREADS");
  if (!wanted || !*wanted) return std::min(std::max(int(std::thread::hardware_concurrency()), 1), kMostThreads);
  char* end = nullptr;
  long threads = strtol(wanted, &end, 10);
  if (*end || threads < 1 || threads > kMostThreads)
    fail("ENGINE_ARGUMENT", "could not use PATCHBAY_THREADS \"%s\": it must be an integer in 1..%d", wanted, kMostThreads);
  return int(threads);
}

}  // namespace

std::shared_ptr<Engine> Engine::shared() {
  static std::mutex mutex;
  static std::weak_ptr<Engine> engine;
  std::lock_guard<std::mutex> lock(mutex);
  std::shared_ptr<Engine> found = engine.lock();
  if (!found) engine = found = std::make_shared<Engine>();
  return found;
}

Engine::Engine() = default;

Engine::~Engine() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Engine::setThreads(int threads) {
  checkThreads(threads);
  std::lock_guard<std::mutex> lock(mutex_);
  threads_ = threads;
}

void Engine::setIsa(const std::string& isa) {
  const KernelTable* found = findIsa(isa);
  std::lock_guard<std::mutex> lock(mutex_);
  kernels_ = found;
}

int Engine::threads() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (threads_ == 0) threads_ = defaultThreads();
  return threads_;
}

const KernelTable& Engine::kernels() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!kernels_) {
    const char* wanted = getenv("PATCHBAY_ISA");
    int count = 0;
    kernels_ = wanted && *wanted ? findIsa(wanted) : availableKernels(&count)[0];
  }
  return *kernels_;
}

void Engine::post(std::function<void()> job) {
  std::lock_guard<std::mutex> lock(mutex_);
  try {
    if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
  } catch (const std::system_error& error) {
    fail("ENGINE_MEMORY", "could not start the engine's thread: %s", error.what());
  }
  jobs_.push_back(std::move(job));
  wake_.notify_one();
}

void Engine::loop() {
  for (;;) {
    std::function<void()> job;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

void Engine::execute(const std::shared_ptr<Plan>& plan, const RunRequest& request) {
  int wanted = threads();
  if (!pool_ || pool_->threads() != wanted) pool_ = std::make_unique<ThreadPool>(wanted);
  patchbay::execute(plan, request, kernels(), *pool_, cache_);
}

void Engine::forget(const std::shared_ptr<Plan>& plan) {
  post([this, plan] {
    if (cache_.owner.lock() == plan) cache_.clear();
  });
}

}  // namespace patchbay
