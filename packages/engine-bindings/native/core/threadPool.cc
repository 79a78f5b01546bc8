#include "threadPool.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "error.h"

namespace patchbay {
namespace {

inline void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// About 20 to 50 microseconds: ops follow each other faster than a sleeping thread wakes.
constexpr int kSpins = 2000;

}  // namespace

bool StopSignal::raised() const {
  return (cancel && __atomic_load_n(cancel, __ATOMIC_RELAXED) != 0) || (abandoned && abandoned->load(std::memory_order_relaxed));
}

struct ThreadPool::Impl {
  std::vector<std::thread> workers;
  std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable finished;
  const std::function<void(int64_t, int)>* body = nullptr;
  int64_t tasks = 0;
  std::atomic<int64_t> next{0};
  std::atomic<uint64_t> generation{0};
  std::atomic<int> busy{0};
  bool stopping = false;  // guarded by mutex
  const StopSignal* signal = nullptr;
  std::atomic<bool> leftOut{false};

  ~Impl() {
    {
      std::lock_guard<std::mutex> lock(mutex);
      stopping = true;
    }
    wake.notify_all();
    for (std::thread& worker : workers) worker.join();
  }

  // Notes it, too: a signal that is taken back must not make a result with holes look whole.
  bool leavesOut() {
    if (!signal || !signal->raised()) return false;
    leftOut.store(true, std::memory_order_relaxed);
    return true;
  }

  void work(int thread) {
    for (;;) {
      int64_t task = next.fetch_add(1, std::memory_order_relaxed);
      if (task >= tasks || leavesOut()) return;
      (*body)(task, thread);
    }
  }

  void loop(int thread) {
    uint64_t seen = 0;
    for (;;) {
      for (int i = 0; i < kSpins && generation.load(std::memory_order_acquire) == seen; ++i) pause();
      if (generation.load(std::memory_order_acquire) == seen) {
        std::unique_lock<std::mutex> lock(mutex);
        wake.wait(lock, [&] { return stopping || generation.load(std::memory_order_acquire) != seen; });
        if (stopping) return;
      }
      seen = generation.load(std::memory_order_acquire);
      work(thread);
      if (busy.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        std::lock_guard<std::mutex> lock(mutex);
        finished.notify_one();
      }
    }
  }
};

ThreadPool::ThreadPool(int threads) : impl_(new Impl) {
  try {
    for (int i = 1; i < threads; ++i) impl_->workers.emplace_back([pool = impl_.get(), i] { pool->loop(i); });
  } catch (const std::system_error& error) {
    fail("ENGINE_MEMORY", "could not start %d threads: %s after %d", threads, error.what(), this->threads());
  }
}

ThreadPool::~ThreadPool() = default;

int ThreadPool::threads() const { return int(impl_->workers.size()) + 1; }

void ThreadPool::parallel(int64_t tasks, const std::function<void(int64_t task, int thread)>& body) {
  Impl& pool = *impl_;
  if (tasks <= 1 || pool.workers.empty()) {
    for (int64_t task = 0; task < tasks && !pool.leavesOut(); ++task) body(task, 0);
    return;
  }
  {
    std::lock_guard<std::mutex> lock(pool.mutex);
    pool.body = &body;
    pool.tasks = tasks;
    pool.next.store(0, std::memory_order_relaxed);
    pool.busy.store(int(pool.workers.size()), std::memory_order_relaxed);
    pool.generation.fetch_add(1, std::memory_order_release);
  }
  pool.wake.notify_all();
  pool.work(0);
  for (int i = 0; i < kSpins && pool.busy.load(std::memory_order_acquire) != 0; ++i) pause();
  std::unique_lock<std::mutex> lock(pool.mutex);
  pool.finished.wait(lock, [&] { return pool.busy.load(std::memory_order_acquire) == 0; });
}

void ThreadPool::stopOn(const StopSignal* signal) {
  impl_->signal = signal;
  impl_->leftOut.store(false, std::memory_order_relaxed);
}

bool ThreadPool::stopped() const { return impl_->leftOut.load(std::memory_order_relaxed); }

}  // namespace patchbay
