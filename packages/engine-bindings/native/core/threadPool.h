// The pool that every kernel runs on; created once, sized by configure().
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

namespace patchbay {

// Says that the work under way is no longer wanted. All threads of a pool read it.
struct StopSignal {
  const int32_t* cancel = nullptr;               // not 0: stop
  const std::atomic<bool>* abandoned = nullptr;  // true: stop

  bool raised() const;
};

class ThreadPool {
 public:
  // `threads` includes the calling thread. Throws ENGINE_MEMORY when the system starts no more threads.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const;

  // Runs body(task, thread) for every task in 0..tasks-1, in no fixed order, and returns when all are done; thread is in
  // 0..threads()-1. Tasks are claimed one by one, so uneven ones balance. body must not throw. What a task computes must not depend
  // on which thread runs it: that is what makes results bit-identical for any number of threads.
  void parallel(int64_t tasks, const std::function<void(int64_t task, int thread)>& body);

  // From now on tasks are left out once `signal` is raised (null: never): what they should have written is then undefined.
  // Called between calls of parallel.
  void stopOn(const StopSignal* signal);
  // Whether tasks were left out since stopOn.
  bool stopped() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay
