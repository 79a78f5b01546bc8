// The pool that every kernel runs on; created once, sized by configure().
#pragma once
#include <cstdint>
#include <functional>
#include <memory>

namespace patchbay {

class ThreadPool {
 public:
  explicit ThreadPool(int threads);  // includes the calling thread
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const;

  // Runs body(task, thread) for every task in 0..tasks-1, in no fixed order, and returns when all are done; thread is in
  // 0..threads()-1. Tasks are claimed one by one, so uneven ones balance. body must not throw. What a task computes must not depend
  // on which thread runs it: that is what makes results bit-identical for any number of threads.
  void parallel(int64_t tasks, const std::function<void(int64_t task, int thread)>& body);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay
