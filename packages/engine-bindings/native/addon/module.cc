// The addon's table of contents: what src/native.ts declares.
#include <cstring>

#include "environment.h"

namespace patchbay {
namespace addon {
namespace {

DType toDType(napi_env env, napi_value value) {
  std::string name = toString(env, value, "a dtype");
  const char* names[] = {"f32", "f16", "bf16", "i32"};
  for (int i = 0; i < 4; ++i)
    if (name == names[i]) return DType(i);
  fail("ENGINE_ARGUMENT", "could not use the dtype \"%s\": it must be f32, f16, bf16 or i32", name.c_str());
}

napi_value configure(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    napi_value options = arguments(env, info, 1)[0];
    Engine& engine = *Environment::of(env).engine;
    napi_value threads = property(env, options, "threads"), isa = property(env, options, "isa");
    int64_t count = threads ? toInteger(env, threads, "the number of threads", 1, 256) : 0;
    if (isa) engine.setIsa(toString(env, isa, "the instruction set"));
    if (threads) engine.setThreads(int(count));
    return undefined(env);
  });
}

napi_value configuration(napi_env env, napi_callback_info) {
  return guarded(env, [&] {
    Engine& engine = *Environment::of(env).engine;
    napi_value object;
    check(env, napi_create_object(env, &object));
    setProperty(env, object, "threads", number(env, engine.threads()));
    const KernelTable& kernels = engine.kernels();
    setProperty(env, object, "isa", string(env, kernels.isa));
    napi_value precisions;
    uint32_t count = 0;
    check(env, napi_create_array(env, &precisions));
    for (const char* name : {"exact", "fast", "small"})
      if (strcmp(name, "fast") != 0 || kernels.with(WeightFormat::pairs).pack) check(env, napi_set_element(env, precisions, count++, string(env, name)));
    setProperty(env, object, "precisions", precisions);
    return object;
  });
}

napi_value openFile(napi_env env, napi_callback_info info) {
  return guarded(env, [&] { return handle(env, std::make_shared<MappedFile>(toString(env, arguments(env, info, 1)[0], "the path"))); });
}

napi_value fileWeight(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    auto args = arguments(env, info, 4);
    auto file = fromHandle<MappedFile>(env, args[0]);
    uint64_t offset = toUnsigned(env, args[1], "the offset");
    return handle(env, std::make_shared<Weight>(file, offset, toDType(env, args[2]), toShape(env, args[3])));
  });
}

napi_value memoryWeight(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    auto args = arguments(env, info, 3);
    DType dtype = toDType(env, args[1]);
    std::vector<int64_t> shape = toShape(env, args[2]);
    Bytes bytes = toBytes(env, args[0], "the weight's data");  // last: reading a list can run JavaScript, which may move the data
    return handle(env, std::make_shared<Weight>(bytes.data, bytes.size, dtype, std::move(shape)));
  });
}

napi_value readWeight(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    auto weight = fromHandle<Weight>(env, arguments(env, info, 1)[0]);
    weight->requireLive();  // its memory may be going on the engine's thread
    const uint8_t* from = weight->stored();
    napi_value buffer, array;
    void* data = nullptr;
    size_t count = size_t(weight->count());
    check(env, napi_create_arraybuffer(env, count * sizeof(float), &data, &buffer));
    if (count) Environment::of(env).engine->kernels().widen(from, weight->dtype(), static_cast<float*>(data), weight->count());
    check(env, napi_create_typedarray(env, napi_float32_array, count, buffer, 0, &array));
    return array;
  });
}

napi_value disposeWeight(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    auto weight = fromHandle<Weight>(env, arguments(env, info, 1)[0]);
    weight->retire();
    // Freed after the runs that are queued: one of them may be reading it.
    Environment::of(env).engine->post([weight] { weight->dispose(); });
    return undefined(env);
  });
}

napi_value loadPlan(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    auto args = arguments(env, info, 2);
    std::vector<std::shared_ptr<Weight>> weights;
    for (napi_value item : toList(env, args[1], "the weights")) {
      weights.push_back(fromHandle<Weight>(env, item));
      weights.back()->requireLive();
    }
    Bytes bytes = toBytes(env, args[0], "the plan");
    return handle(env, decodePlan(static_cast<const uint8_t*>(bytes.data), bytes.size, std::move(weights)));
  });
}

napi_value memoryOfPlan(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    auto plan = fromHandle<Plan>(env, arguments(env, info, 1)[0]);
    Engine& engine = *Environment::of(env).engine;
    PlanMemory memory = planMemory(*plan, engine.kernels(), engine.threads());
    napi_value object;
    check(env, napi_create_object(env, &object));
    setProperty(env, object, "arena", number(env, double(memory.arena)));
    setProperty(env, object, "workspace", number(env, double(memory.workspace)));
    setProperty(env, object, "packedWeights", number(env, double(memory.packedWeights)));
    return object;
  });
}

napi_value disposePlan(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    Environment::of(env).engine->forget(fromHandle<Plan>(env, arguments(env, info, 1)[0]));
    return undefined(env);
  });
}

napi_value memory(napi_env env, napi_callback_info) {
  return guarded(env, [&] {
    MemoryUse use = memoryUse();
    napi_value object;
    check(env, napi_create_object(env, &object));
    setProperty(env, object, "current", number(env, double(use.current)));
    setProperty(env, object, "peak", number(env, double(use.peak)));
    return object;
  });
}

napi_value resetPeak(napi_env env, napi_callback_info) {
  return guarded(env, [&] {
    resetMemoryPeak();
    return undefined(env);
  });
}

napi_value isaList(napi_env env) {
  int count = 0;
  const KernelTable* const* tables = availableKernels(&count);
  napi_value list;
  check(env, napi_create_array_with_length(env, size_t(count), &list));
  for (int i = 0; i < count; ++i) check(env, napi_set_element(env, list, uint32_t(i), string(env, tables[i]->isa)));
  return list;
}

}  // namespace

Environment& Environment::of(napi_env env) {
  void* data = nullptr;
  check(env, napi_get_instance_data(env, &data));
  return *static_cast<Environment*>(data);
}

napi_value initialise(napi_env env, napi_value exports) {
  return guarded(env, [&] {
    auto* environment = new Environment;
    check(env, napi_set_instance_data(
                   env, environment, [](napi_env, void* data, void*) { delete static_cast<Environment*>(data); }, nullptr));
    check(env, napi_add_env_cleanup_hook(
                   env, [](void* data) { abandonRuns(*static_cast<Environment*>(data)); }, environment));
    const napi_property_descriptor properties[] = {
#define PATCHBAY_METHOD(name, function) {name, nullptr, function, nullptr, nullptr, nullptr, napi_enumerable, nullptr}
        PATCHBAY_METHOD("configure", configure),
        PATCHBAY_METHOD("configuration", configuration),
        PATCHBAY_METHOD("openFile", openFile),
        PATCHBAY_METHOD("fileWeight", fileWeight),
        PATCHBAY_METHOD("memoryWeight", memoryWeight),
        PATCHBAY_METHOD("readWeight", readWeight),
        PATCHBAY_METHOD("disposeWeight", disposeWeight),
        PATCHBAY_METHOD("loadPlan", loadPlan),
        PATCHBAY_METHOD("planMemory", memoryOfPlan),
        PATCHBAY_METHOD("run", run),
        PATCHBAY_METHOD("disposePlan", disposePlan),
        PATCHBAY_METHOD("memory", memory),
        PATCHBAY_METHOD("resetPeak", resetPeak),
#undef PATCHBAY_METHOD
        {"availableIsas", nullptr, nullptr, nullptr, nullptr, isaList(env), napi_enumerable, nullptr},
    };
    check(env, napi_define_properties(env, exports, sizeof properties / sizeof *properties, properties));
    return exports;
  });
}

}  // namespace addon
}  // namespace patchbay

NAPI_MODULE_INIT() { return patchbay::addon::initialise(env, exports); }
