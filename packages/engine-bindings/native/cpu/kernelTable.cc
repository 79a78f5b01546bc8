// Picks kernel tables by what the processor and the operating system support. Compiled once, for the baseline.
#include "kernelTable.h"

#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace patchbay {

namespace generic {
extern const KernelTable kernelTable;
}
#if defined(__x86_64__)
namespace avx2 {
extern const KernelTable kernelTable;
}
namespace avx512 {
extern const KernelTable kernelTable;
}
namespace avx512vnni {
void addInt8(KernelTable& table);
}
namespace avx512bf16 {
void addBf16(KernelTable& table);
}
#endif

void runParallel(ThreadPool& pool, int64_t tasks, void (*body)(const void* context, int64_t task, int thread), const void* context) {
  if (tasks == 1) return body(context, 0, 0);
  pool.parallel(tasks, [=](int64_t task, int thread) { body(context, task, thread); });
}

namespace {

struct Available {
  const KernelTable* tables[5];
  int count = 0;
  KernelTable vnni, bf16;  // what avx512 has, and more
  Available() {
#if defined(__x86_64__)
    __builtin_cpu_init();  // the AVX answers include what the operating system saves (XCR0)
    unsigned a = 0, b = 0, c = 0, d = 0;
    bool f16c = __get_cpuid(1, &a, &b, &c, &d) && (c & (1u << 29));
    bool hasAvx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && f16c;
    bool hasAvx512 = hasAvx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                     __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (hasAvx512 && __builtin_cpu_supports("avx512vnni")) {
      vnni = avx512::kernelTable;
      vnni.isa = "avx512vnni";
      avx512vnni::addInt8(vnni);
      if (__builtin_cpu_supports("avx512bf16")) {
        bf16 = vnni;
        bf16.isa = "avx512bf16";
        avx512bf16::addBf16(bf16);
        tables[count++] = &bf16;
      }
      tables[count++] = &vnni;
    }
    if (hasAvx512) tables[count++] = &avx512::kernelTable;
    if (hasAvx2) tables[count++] = &avx2::kernelTable;
#endif
    tables[count++] = &generic::kernelTable;
  }
};

const Available& available() {
  static const Available instance;
  return instance;
}

}  // namespace

const KernelTable* const* availableKernels(int* count) {
  *count = available().count;
  return available().tables;
}

const KernelTable* kernelsFor(const char* isa) {
  const Available& found = available();
  for (int i = 0; i < found.count; ++i)
    if (std::strcmp(found.tables[i]->isa, isa) == 0) return found.tables[i];
  return nullptr;
}

}  // namespace patchbay
