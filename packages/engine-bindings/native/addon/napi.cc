#include "napi.h"

namespace patchbay {
namespace addon {
namespace {

[[noreturn]] void wrongKind(const char* what, const char* wanted) { fail("ENGINE_ARGUMENT", "could not read %s: it must be %s", what, wanted); }

}  // namespace

void check(napi_env env, napi_status status) {
  if (status == napi_ok) return;
  const napi_extended_error_info* info = nullptr;
  napi_get_last_error_info(env, &info);
  fail("ENGINE_INTERNAL", "a call into Node failed: %s", info && info->error_message ? info->error_message : "no reason given");
}

std::vector<napi_value> arguments(napi_env env, napi_callback_info info, size_t count) {
  std::vector<napi_value> values(count);
  size_t given = count;
  check(env, napi_get_cb_info(env, info, &given, values.data(), nullptr, nullptr));
  return values;
}

std::string toString(napi_env env, napi_value value, const char* what) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) wrongKind(what, "a string");
  std::string text(length, '\0');
  check(env, napi_get_value_string_utf8(env, value, &text[0], length + 1, &length));
  return text;
}

int64_t toInteger(napi_env env, napi_value value, const char* what, int64_t least, int64_t most) {
  double number = 0;
  if (napi_get_value_double(env, value, &number) != napi_ok) wrongKind(what, "a number");
  if (!(number >= double(least) && number <= double(most)) || number != double(int64_t(number)))
    fail("ENGINE_ARGUMENT", "could not use %g as %s: it must be an integer in %lld..%lld", number, what, (long long)least, (long long)most);
  return int64_t(number);
}

uint64_t toUnsigned(napi_env env, napi_value bigint, const char* what) {
  uint64_t value = 0;
  bool lossless = false;
  if (napi_get_value_bigint_uint64(env, bigint, &value, &lossless) != napi_ok) wrongKind(what, "a BigInt");
  if (!lossless) fail("ENGINE_BOUNDS", "could not read %s: it must be in 0..2^64-1", what);
  return value;
}

std::vector<napi_value> toList(napi_env env, napi_value value, const char* what) {
  bool array = false;
  check(env, napi_is_array(env, value, &array));
  if (!array) wrongKind(what, "an array");
  uint32_t length = 0;
  check(env, napi_get_array_length(env, value, &length));
  std::vector<napi_value> items(length);
  for (uint32_t i = 0; i < length; ++i) check(env, napi_get_element(env, value, i, &items[i]));
  return items;
}

std::vector<int64_t> toShape(napi_env env, napi_value value) {
  std::vector<int64_t> shape;
  for (napi_value size : toList(env, value, "a shape")) shape.push_back(toInteger(env, size, "a dimension", 0, INT32_MAX));
  return shape;
}

Bytes toBytes(napi_env env, napi_value value, const char* what) {
  bool is = false;
  if (napi_is_typedarray(env, value, &is) == napi_ok && is) {
    napi_typedarray_type type;
    size_t length = 0, offset = 0;
    void* data = nullptr;
    check(env, napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, &offset));
    static const size_t sizes[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8};
    if (size_t(type) < sizeof sizes / sizeof *sizes) return {data, length * sizes[type]};
  }
  if (napi_is_dataview(env, value, &is) == napi_ok && is) {
    size_t length = 0, offset = 0;
    void* data = nullptr;
    check(env, napi_get_dataview_info(env, value, &length, &data, nullptr, &offset));
    return {data, length};
  }
  wrongKind(what, "a typed array");
}

napi_value property(napi_env env, napi_value object, const char* name) {
  napi_valuetype type;
  check(env, napi_typeof(env, object, &type));
  if (type != napi_object) return nullptr;
  napi_value value;
  check(env, napi_get_named_property(env, object, name, &value));
  check(env, napi_typeof(env, value, &type));
  return type == napi_undefined ? nullptr : value;
}

void setProperty(napi_env env, napi_value object, const char* name, napi_value value) {
  check(env, napi_set_named_property(env, object, name, value));
}

napi_value number(napi_env env, double value) {
  napi_value result;
  check(env, napi_create_double(env, value, &result));
  return result;
}

napi_value string(napi_env env, const std::string& value) {
  napi_value result;
  check(env, napi_create_string_utf8(env, value.data(), value.size(), &result));
  return result;
}

napi_value undefined(napi_env env) {
  napi_value result;
  check(env, napi_get_undefined(env, &result));
  return result;
}

napi_value makeHandle(napi_env env, std::shared_ptr<void> held, const napi_type_tag& tag) {
  auto* holder = new std::shared_ptr<void>(std::move(held));
  napi_value external;
  napi_status status = napi_create_external(
      env, holder, [](napi_env, void* data, void*) { delete static_cast<std::shared_ptr<void>*>(data); }, nullptr, &external);
  if (status != napi_ok) delete holder;
  check(env, status);
  check(env, napi_type_tag_object(env, external, &tag));
  return external;
}

std::shared_ptr<void> readHandle(napi_env env, napi_value value, const napi_type_tag& tag, const char* what) {
  napi_valuetype type;
  check(env, napi_typeof(env, value, &type));
  bool same = false;
  if (type != napi_external || napi_check_object_type_tag(env, value, &tag, &same) != napi_ok || !same) wrongKind(what, "one that this engine made");
  void* data = nullptr;
  check(env, napi_get_value_external(env, value, &data));
  return *static_cast<std::shared_ptr<void>*>(data);
}

}  // namespace addon
}  // namespace patchbay
