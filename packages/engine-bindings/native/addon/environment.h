// What one JavaScript environment (a process, a worker thread) holds of the engine.
#pragma once
#include <set>

#include "../core/engine.h"
#include "napi.h"

namespace patchbay {
namespace addon {

struct AsyncRun;

struct Environment {
  std::shared_ptr<Engine> engine = Engine::shared();
  std::set<std::shared_ptr<AsyncRun>> runs;  // not settled yet

  static Environment& of(napi_env env);
};

// Ends all runs of an environment that goes away: drops those that wait, and waits for the one that computes.
void abandonRuns(Environment& environment);

// run(plan, inputs, outputs, options) → Promise<report>
napi_value run(napi_env env, napi_callback_info info);

#define PATCHBAY_HANDLE(Type, low, high, text)                           \
  template <>                                                            \
  struct HandleTag<Type> {                                               \
    static const napi_type_tag& tag() {                                  \
      static const napi_type_tag value = {low, high};                    \
      return value;                                                      \
    }                                                                    \
    static const char* name() { return text; }                           \
  };
PATCHBAY_HANDLE(MappedFile, 0x9d1f0c6a51e44b7eu, 0x8c3be2a7f00d4c11u, "a file handle")
PATCHBAY_HANDLE(Weight, 0x3b7a5e9184c24d0fu, 0xa1f2640bd97e5c22u, "a weight handle")
PATCHBAY_HANDLE(Plan, 0x65c8d03f2e1b4a96u, 0xbe07915cda4f3833u, "a plan handle")
#undef PATCHBAY_HANDLE

}  // namespace addon
}  // namespace patchbay
