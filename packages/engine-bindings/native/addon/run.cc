// A run as a promise: the engine's thread computes, a threadsafe function brings progress and the end back.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "environment.h"

namespace patchbay {
namespace addon {

namespace {
using Clock = std::chrono::steady_clock;
constexpr auto kProgressEvery = std::chrono::milliseconds(50);
}  // namespace

struct AsyncRun {
  napi_env env = nullptr;
  Environment* environment = nullptr;
  std::shared_ptr<Plan> plan;
  RunRequest request;
  napi_deferred deferred = nullptr;
  napi_ref kept = nullptr;      // an array of all that must not be collected: inputs, outputs, cancel flag
  napi_ref progress = nullptr;  // the callback
  napi_threadsafe_function toLoop = nullptr;
  std::atomic<bool> abandoned{false};  // set when the environment goes away

  std::mutex mutex;
  std::condition_variable ended;
  bool finished = false;
  int64_t done = 0, total = 0;  // newest progress
  bool progressPending = false;

  const char* code = nullptr;  // of the error that ended it
  std::string message;
  double milliseconds = 0;
  std::vector<double> opNanoseconds;
  bool profile = false;
};

namespace {

void compute(AsyncRun* run, Engine& engine) {
  Clock::time_point start = Clock::now();
  try {
    engine.execute(run->plan, run->request);
  } catch (const Error& error) {
    run->code = error.code;
    run->message = error.what();
  } catch (const std::bad_alloc&) {
    run->code = "ENGINE_MEMORY";
    run->message = "could not allocate: the system has no more memory";
  } catch (const std::exception& error) {
    run->code = "ENGINE_INTERNAL";
    run->message = error.what();
  }
  run->milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  // The loop may free the run as soon as it hears of the end, unless the environment goes away and waits for `finished`.
  napi_threadsafe_function toLoop = run->toLoop;
  {
    std::lock_guard<std::mutex> lock(run->mutex);
    run->finished = true;
    napi_call_threadsafe_function(toLoop, run, napi_tsfn_nonblocking);
    napi_release_threadsafe_function(toLoop, napi_tsfn_release);
    run->ended.notify_all();
  }
}

napi_value report(napi_env env, const AsyncRun& run) {
  napi_value object, times;
  check(env, napi_create_object(env, &object));
  setProperty(env, object, "milliseconds", number(env, run.milliseconds));
  if (run.profile) {
    napi_value buffer;
    void* data = nullptr;
    size_t bytes = run.opNanoseconds.size() * sizeof(double);
    check(env, napi_create_arraybuffer(env, bytes, &data, &buffer));
    std::copy(run.opNanoseconds.begin(), run.opNanoseconds.end(), static_cast<double*>(data));
    check(env, napi_create_typedarray(env, napi_float64_array, run.opNanoseconds.size(), buffer, 0, &times));
  } else {
    check(env, napi_get_null(env, &times));
  }
  setProperty(env, object, "opNanoseconds", times);
  return object;
}

void settle(napi_env env, AsyncRun* run) {
  if (run->code) {
    napi_value error;
    napi_create_error(env, string(env, run->code), string(env, run->message), &error);
    napi_reject_deferred(env, run->deferred, error);
  } else {
    napi_resolve_deferred(env, run->deferred, report(env, *run));
  }
  napi_delete_reference(env, run->kept);
  if (run->progress) napi_delete_reference(env, run->progress);
  run->environment->runs.erase(run);
  // The engine's thread lets go of the lock before the run goes.
  { std::lock_guard<std::mutex> lock(run->mutex); }
  delete run;
}

void tellProgress(napi_env env, AsyncRun* run) {
  int64_t done, total;
  {
    std::lock_guard<std::mutex> lock(run->mutex);
    if (!run->progressPending) return;
    run->progressPending = false;
    done = run->done;
    total = run->total;
  }
  napi_value callback, global, values[] = {number(env, double(done)), number(env, double(total))};
  check(env, napi_get_reference_value(env, run->progress, &callback));
  check(env, napi_get_global(env, &global));
  // An exception of the callback surfaces as uncaught, as in any callback of Node's.
  napi_call_function(env, global, callback, 2, values, nullptr);
}

// On the event loop. env is null when the environment is going away: abandonRuns sees to the run then.
void hear(napi_env env, napi_value, void*, void* data) {
  if (!env) return;
  auto* run = static_cast<AsyncRun*>(data);
  bool finished;
  {
    std::lock_guard<std::mutex> lock(run->mutex);
    finished = run->finished;
  }
  guarded(env, [&]() -> napi_value {
    if (run->progress) tellProgress(env, run);
    return nullptr;
  });
  if (finished) settle(env, run);
}

// Called on the engine's thread after each op.
void noteProgress(AsyncRun* run, int64_t done, int64_t total, Clock::time_point& last) {
  Clock::time_point now = Clock::now();
  if (now - last < kProgressEvery) return;
  last = now;
  std::lock_guard<std::mutex> lock(run->mutex);
  run->done = done;
  run->total = total;
  if (run->progressPending) return;
  run->progressPending = true;
  napi_call_threadsafe_function(run->toLoop, run, napi_tsfn_nonblocking);
}

std::vector<void*> buffers(napi_env env, napi_value list, const char* what, const std::vector<uint64_t>& least) {
  std::vector<napi_value> items = toList(env, list, what);
  if (items.size() != least.size()) fail("ENGINE_INPUT", "could not start the run: %zu %s, the plan has %zu", items.size(), what, least.size());
  std::vector<void*> result;
  for (size_t i = 0; i < items.size(); ++i) {
    Bytes bytes = toBytes(env, items[i], what);
    if (bytes.size < least[i])
      fail("ENGINE_INPUT", "could not start the run: %s %zu has %zu bytes, the plan needs %llu", what, i, bytes.size, (unsigned long long)least[i]);
    if (reinterpret_cast<uintptr_t>(bytes.data) % 4 != 0) fail("ENGINE_INPUT", "could not start the run: %s %zu is not aligned to 4 bytes", what, i);
    result.push_back(bytes.data);
  }
  return result;
}

}  // namespace

napi_value run(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    std::vector<napi_value> args = arguments(env, info, 4);
    Environment& environment = Environment::of(env);
    auto owned = std::make_unique<AsyncRun>();
    AsyncRun* run = owned.get();
    run->env = env;
    run->environment = &environment;
    run->plan = fromHandle<Plan>(env, args[0]);
    run->request.abandoned = &run->abandoned;
    run->request.inputs = buffers(env, args[1], "inputs", run->plan->inputBytes);
    run->request.outputs = buffers(env, args[2], "outputs", run->plan->outputBytes);
    napi_value cancel = property(env, args[3], "cancel");
    if (cancel) {
      Bytes flag = toBytes(env, cancel, "the cancel flag");
      if (flag.size != 4 || reinterpret_cast<uintptr_t>(flag.data) % 4 != 0) fail("ENGINE_ARGUMENT", "could not read the cancel flag: it must be an Int32Array of one element");
      run->request.cancel = static_cast<const int32_t*>(flag.data);
    }
    if (napi_value limit = property(env, args[3], "memoryLimit"))
      run->request.memoryLimit = uint64_t(toInteger(env, limit, "the memory limit", 1, int64_t{1} << 53));
    if (napi_value profile = property(env, args[3], "profile")) check(env, napi_get_value_bool(env, profile, &run->profile));
    if (run->profile) run->request.opNanoseconds = &run->opNanoseconds;
    napi_value progress = property(env, args[3], "progress");
    if (progress) {
      napi_valuetype type;
      check(env, napi_typeof(env, progress, &type));
      if (type != napi_function) fail("ENGINE_ARGUMENT", "could not use the progress callback: it must be a function");
    }

    napi_value kept, name, promise;
    check(env, napi_create_array(env, &kept));
    for (uint32_t i = 1; i < 4; ++i) check(env, napi_set_element(env, kept, i, args[i]));
    if (cancel) check(env, napi_set_element(env, kept, 4, cancel));
    check(env, napi_create_string_utf8(env, "patchbay run", NAPI_AUTO_LENGTH, &name));
    check(env, napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, nullptr, hear, &run->toLoop));
    check(env, napi_create_reference(env, kept, 1, &run->kept));
    if (progress) {
      check(env, napi_create_reference(env, progress, 1, &run->progress));
      run->request.progress = [run, last = Clock::now()](int64_t done, int64_t total) mutable { noteProgress(run, done, total, last); };
    }
    check(env, napi_create_promise(env, &run->deferred, &promise));
    owned.release();
    environment.runs.insert(run);
    Engine* engine = environment.engine.get();
    engine->post([run, engine] { compute(run, *engine); });
    return promise;
  });
}

void abandonRuns(Environment& environment) {
  for (AsyncRun* run : environment.runs) run->abandoned.store(true);
  for (AsyncRun* run : environment.runs) {
    {
      std::unique_lock<std::mutex> lock(run->mutex);
      run->ended.wait(lock, [&] { return run->finished; });
    }
    delete run;
  }
  environment.runs.clear();
}

}  // namespace addon
}  // namespace patchbay
