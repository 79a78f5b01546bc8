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
  Environment* environment = nullptr;
  std::shared_ptr<Plan> plan;
  RunRequest request;
  napi_deferred deferred = nullptr;
  napi_ref kept = nullptr;      // an array of all that must not be collected: each input and output, the cancel flag
  napi_ref progress = nullptr;  // the callback
  napi_threadsafe_function toLoop = nullptr;
  std::atomic<bool> abandoned{false};  // set when the environment goes away

  // The engine's thread only.
  bool loopGone = false;  // Node closed toLoop: it must not be touched again
  Clock::time_point lastProgress = Clock::now();

  std::mutex mutex;
  std::condition_variable ended;
  enum class Stage { waiting, computing, ended } stage = Stage::waiting;
  int64_t done = 0, total = 0;  // newest progress
  bool progressPending = false;

  const char* code = nullptr;  // of the error that ended it
  std::string message;
  double milliseconds = 0;
  std::vector<double> opNanoseconds;
  bool profile = false;
};

namespace {

// What the engine's thread says to the event loop. They arrive in order, and the end is the last: only it may let go of the run.
enum class Event : uintptr_t { progress = 1, end };

// On the engine's thread.
void tellLoop(AsyncRun& run, Event event) {
  if (run.loopGone) return;
  run.loopGone = napi_call_threadsafe_function(run.toLoop, reinterpret_cast<void*>(event), napi_tsfn_nonblocking) == napi_closing;
}

void compute(AsyncRun& run, Engine& engine) {
  {
    std::lock_guard<std::mutex> lock(run.mutex);
    if (run.stage == AsyncRun::Stage::ended) return;  // dropped by abandonRuns
    run.stage = AsyncRun::Stage::computing;
  }
  Clock::time_point start = Clock::now();
  try {
    engine.execute(run.plan, run.request);
  } catch (const Error& error) {
    run.code = error.code;
    run.message = error.what();
  } catch (const std::bad_alloc&) {
    run.code = "ENGINE_MEMORY";
    run.message = "could not allocate: the system has no more memory";
  } catch (const std::exception& error) {
    run.code = "ENGINE_INTERNAL";
    run.message = error.what();
  }
  run.milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  std::lock_guard<std::mutex> lock(run.mutex);
  run.stage = AsyncRun::Stage::ended;
  tellLoop(run, Event::end);
  if (!run.loopGone) napi_release_threadsafe_function(run.toLoop, napi_tsfn_release);
  run.ended.notify_all();
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

napi_value settle(napi_env env, const AsyncRun& run) {
  if (run.code) {
    napi_value error;
    check(env, napi_create_error(env, string(env, run.code), string(env, run.message), &error));
    check(env, napi_reject_deferred(env, run.deferred, error));
  } else {
    check(env, napi_resolve_deferred(env, run.deferred, report(env, run)));
  }
  return nullptr;
}

void forgetReferences(napi_env env, const AsyncRun& run) {
  if (run.kept) napi_delete_reference(env, run.kept);
  if (run.progress) napi_delete_reference(env, run.progress);
}

napi_value tellProgress(napi_env env, AsyncRun& run) {
  int64_t done, total;
  {
    std::lock_guard<std::mutex> lock(run.mutex);
    run.progressPending = false;
    done = run.done;
    total = run.total;
  }
  napi_value callback, global, values[] = {number(env, double(done)), number(env, double(total))};
  check(env, napi_get_reference_value(env, run.progress, &callback));
  check(env, napi_get_global(env, &global));
  if (napi_call_function(env, global, callback, 2, values, nullptr) != napi_pending_exception) return nullptr;
  // An exception of the callback surfaces as uncaught, as in any callback of Node's.
  napi_value thrown;
  check(env, napi_get_and_clear_last_exception(env, &thrown));
  napi_fatal_exception(env, thrown);
  return nullptr;
}

// On the event loop. env is null when the environment is going away: abandonRuns sees to the run then.
void hear(napi_env env, napi_value, void* context, void* data) {
  if (!env) return;
  auto* run = static_cast<AsyncRun*>(context);
  if (Event(reinterpret_cast<uintptr_t>(data)) == Event::progress) {
    guarded(env, [&] { return tellProgress(env, *run); });
    return;
  }
  guarded(env, [&] { return settle(env, *run); });
  forgetReferences(env, *run);
  auto& runs = run->environment->runs;
  runs.erase(std::find_if(runs.begin(), runs.end(), [&](const std::shared_ptr<AsyncRun>& each) { return each.get() == run; }));
}

// Called on the engine's thread after each op.
void noteProgress(AsyncRun& run, int64_t done, int64_t total) {
  Clock::time_point now = Clock::now();
  if (now - run.lastProgress < kProgressEvery) return;
  run.lastProgress = now;
  std::lock_guard<std::mutex> lock(run.mutex);
  run.done = done;
  run.total = total;
  if (run.progressPending) return;
  run.progressPending = true;
  tellLoop(run, Event::progress);
}

std::vector<void*> buffers(napi_env env, const std::vector<napi_value>& items, const char* what, const std::vector<uint64_t>& least) {
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

// Reads the options; returns the cancel flag's array, or null.
napi_value readOptions(napi_env env, napi_value options, AsyncRun& run, napi_value* progress) {
  napi_value cancel = property(env, options, "cancel");
  if (napi_value limit = property(env, options, "memoryLimit"))
    run.request.memoryLimit = uint64_t(toInteger(env, limit, "the memory limit", 1, int64_t{1} << 53));
  if (napi_value profile = property(env, options, "profile"); profile && napi_get_value_bool(env, profile, &run.profile) != napi_ok)
    fail("ENGINE_ARGUMENT", "could not read the option profile: it must be true or false");
  *progress = property(env, options, "progress");
  napi_valuetype type = napi_function;
  if (*progress) check(env, napi_typeof(env, *progress, &type));
  if (type != napi_function) fail("ENGINE_ARGUMENT", "could not use the progress callback: it must be a function");
  if (cancel) {
    Bytes flag = toBytes(env, cancel, "the cancel flag");
    if (flag.size != 4 || reinterpret_cast<uintptr_t>(flag.data) % 4 != 0)
      fail("ENGINE_ARGUMENT", "could not read the cancel flag: it must be an Int32Array of one element");
    run.request.stop.cancel = static_cast<const int32_t*>(flag.data);
  }
  run.request.stop.abandoned = &run.abandoned;
  if (run.profile) run.request.opNanoseconds = &run.opNanoseconds;
  return cancel;
}

// Makes all that binds a run to the environment, and hands it to the engine's thread.
napi_value start(napi_env env, const std::shared_ptr<AsyncRun>& run, const std::vector<napi_value>& keep, napi_value progress) {
  napi_value kept, name, promise;
  check(env, napi_create_array(env, &kept));
  for (size_t i = 0; i < keep.size(); ++i) check(env, napi_set_element(env, kept, uint32_t(i), keep[i]));
  check(env, napi_create_reference(env, kept, 1, &run->kept));
  if (progress) {
    check(env, napi_create_reference(env, progress, 1, &run->progress));
    run->request.progress = [each = run.get()](int64_t done, int64_t total) { noteProgress(*each, done, total); };
  }
  check(env, napi_create_promise(env, &run->deferred, &promise));
  check(env, napi_create_string_utf8(env, "patchbay run", NAPI_AUTO_LENGTH, &name));
  check(env, napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, run.get(), hear, &run->toLoop));
  run->environment->runs.insert(run);
  Engine* engine = run->environment->engine.get();
  engine->post([run, engine] { compute(*run, *engine); });
  return promise;
}

}  // namespace

napi_value run(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    std::vector<napi_value> args = arguments(env, info, 4);
    auto run = std::make_shared<AsyncRun>();
    run->environment = &Environment::of(env);
    run->plan = fromHandle<Plan>(env, args[0]);
    // Reading lists and options can run JavaScript, which may move what buffers hold: their addresses come last.
    std::vector<napi_value> inputs = toList(env, args[1], "the inputs"), outputs = toList(env, args[2], "the outputs");
    napi_value progress = nullptr;
    napi_value cancel = readOptions(env, args[3], *run, &progress);
    run->request.inputs = buffers(env, inputs, "inputs", run->plan->inputBytes);
    run->request.outputs = buffers(env, outputs, "outputs", run->plan->outputBytes);
    std::vector<napi_value> keep = inputs;
    keep.insert(keep.end(), outputs.begin(), outputs.end());
    if (cancel) keep.push_back(cancel);
    try {
      return start(env, run, keep, progress);
    } catch (...) {
      run->environment->runs.erase(run);
      forgetReferences(env, *run);
      if (run->toLoop) napi_release_threadsafe_function(run->toLoop, napi_tsfn_abort);
      throw;
    }
  });
}

void abandonRuns(Environment& environment) {
  for (const auto& run : environment.runs) run->abandoned.store(true);
  for (const auto& run : environment.runs) {
    std::unique_lock<std::mutex> lock(run->mutex);
    if (run->stage == AsyncRun::Stage::waiting) {
      run->stage = AsyncRun::Stage::ended;
      napi_release_threadsafe_function(run->toLoop, napi_tsfn_release);
    }
    run->ended.wait(lock, [&] { return run->stage == AsyncRun::Stage::ended; });
  }
  environment.runs.clear();
}

}  // namespace addon
}  // namespace patchbay
