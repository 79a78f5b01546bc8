// Small help over Node-API: the addon is the only place that knows it.
#pragma once
#include <node_api.h>

#include <memory>
#include <string>
#include <vector>

#include "../core/error.h"

namespace patchbay {
namespace addon {

// Throws a C++ Error when a Node-API call fails; a pending JavaScript exception is left to surface.
void check(napi_env env, napi_status status);

// Runs `body` and turns an Error into a JavaScript exception with its code.
template <class Body>
napi_value guarded(napi_env env, const Body& body) {
  try {
    return body();
  } catch (const Error& error) {
    napi_throw_error(env, error.code, error.what());
  } catch (const std::bad_alloc&) {
    napi_throw_error(env, "ENGINE_MEMORY", "could not allocate: the system has no more memory");
  } catch (const std::exception& error) {
    napi_throw_error(env, "ENGINE_INTERNAL", error.what());
  }
  return nullptr;
}

// The arguments of a call; missing ones are undefined.
std::vector<napi_value> arguments(napi_env env, napi_callback_info info, size_t count);

// Each throws ENGINE_ARGUMENT naming `what` when the value is of another kind.
std::string toString(napi_env env, napi_value value, const char* what);
int64_t toInteger(napi_env env, napi_value value, const char* what, int64_t least, int64_t most);
uint64_t toUnsigned(napi_env env, napi_value bigint, const char* what);
std::vector<int64_t> toShape(napi_env env, napi_value value);

struct Bytes {
  void* data;
  size_t size;
};
// A typed array, a DataView or a Buffer.
Bytes toBytes(napi_env env, napi_value value, const char* what);
std::vector<napi_value> toList(napi_env env, napi_value value, const char* what);

// A named property, or null where it is missing or undefined.
napi_value property(napi_env env, napi_value object, const char* name);
void setProperty(napi_env env, napi_value object, const char* name, napi_value value);
napi_value number(napi_env env, double value);
napi_value string(napi_env env, const std::string& value);
napi_value undefined(napi_env env);

// A handle is an external that holds a shared_ptr and carries a type tag: a wrong one is an error, never a crash.
template <class T>
struct HandleTag;

napi_value makeHandle(napi_env env, std::shared_ptr<void> held, const napi_type_tag& tag);
std::shared_ptr<void> readHandle(napi_env env, napi_value value, const napi_type_tag& tag, const char* what);

template <class T>
napi_value handle(napi_env env, std::shared_ptr<T> held) {
  return makeHandle(env, std::move(held), HandleTag<T>::tag());
}
template <class T>
std::shared_ptr<T> fromHandle(napi_env env, napi_value value) {
  return std::static_pointer_cast<T>(readHandle(env, value, HandleTag<T>::tag(), HandleTag<T>::name()));
}

}  // namespace addon
}  // namespace patchbay
