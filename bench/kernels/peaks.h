// What this machine can do at most, by loops that do nothing else: multiplications and additions a second in each kind of arithmetic, and bytes
// a second to and from memory. All threads run at the same time, because cores share clocks, caches and memory. 0 stands for what the processor
// lacks or this program can't measure.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace peaks {

inline double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// The most `work` a second; each thread calls `part` with its number, and does an equal part of the work. Trials are short and many, so that one
// of them has the machine for itself.
inline double best(int threads, double work, const std::function<void(int)>& part) {
  double shortest = 1e300, start = now();
  while (now() - start < 0.7) {
    std::atomic<int> waiting{threads};
    std::vector<double> begin(static_cast<size_t>(threads)), end(begin);
    std::vector<std::thread> pool;
    for (int i = 0; i < threads; ++i)
      pool.emplace_back([&, i] {
        for (--waiting; waiting > 0;) std::this_thread::yield();
        begin[size_t(i)] = now();
        part(i);
        end[size_t(i)] = now();
      });
    double first = 1e300, last = 0;
    for (int i = 0; i < threads; ++i) {
      pool[size_t(i)].join();
      first = begin[size_t(i)] < first ? begin[size_t(i)] : first;
      last = end[size_t(i)] > last ? end[size_t(i)] : last;
    }
    shortest = last - first < shortest ? last - first : shortest;
  }
  return work / shortest;
}

#if defined(__x86_64__)
// As many sums as hide the latency of an instruction that could start twice a cycle.
constexpr int kChains = 12;
constexpr int64_t kRounds = 400000;

// A loop of nothing but `step` on vectors of type V. The sums are given to an empty assembly statement, or the loop would be left out.
#define PEAK_LOOP(name, isa, V, zero, one, step)   \
  __attribute__((target(isa))) inline void name() { \
    V sum[kChains];                                \
    auto x = one;                                  \
    for (V& s : sum) s = zero;                     \
    for (int64_t i = 0; i < kRounds; ++i)          \
      _Pragma("GCC unroll 12") for (int j = 0; j < kChains; ++j) sum[j] = step; \
    for (V& s : sum) asm volatile("" ::"m"(s));    \
  }
PEAK_LOOP(multiplyAdd256, "avx2,fma", __m256, _mm256_setzero_ps(), _mm256_set1_ps(0.5f), _mm256_fmadd_ps(sum[j], x, x))
PEAK_LOOP(multiplyAdd512, "avx512f", __m512, _mm512_setzero_ps(), _mm512_set1_ps(0.5f), _mm512_fmadd_ps(sum[j], x, x))
PEAK_LOOP(bf16Dot512, "avx512f,avx512bf16", __m512, _mm512_setzero_ps(), _mm512_cvtne2ps_pbh(_mm512_set1_ps(0.5f), _mm512_set1_ps(0.5f)),
          _mm512_dpbf16_ps(sum[j], x, x))
PEAK_LOOP(int8Dot512, "avx512f,avx512vnni", __m512i, _mm512_setzero_si512(), _mm512_set1_epi8(1), _mm512_dpbusd_epi32(sum[j], x, x))
#undef PEAK_LOOP

inline double rate(int threads, double operationsAStep, void (*loop)()) {
  return best(threads, operationsAStep * double(kChains) * double(kRounds) * threads, [&](int) { loop(); });
}
#endif

// Sets with further instructions have longer names.
inline bool wide(const std::string& isa) { return isa.compare(0, 6, "avx512") == 0; }

// The best instruction set of this machine, in the engine's names.
inline std::string bestIsa() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return "avx512";
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "avx2";
#endif
  return "generic";
}

// Fused multiply-adds of fp32, two operations each.
inline double fp32(const std::string& isa, int threads) {
#if defined(__x86_64__)
  if (wide(isa)) return rate(threads, 32, multiplyAdd512);
  if (isa == "avx2") return rate(threads, 16, multiplyAdd256);
#endif
  return (void)isa, (void)threads, 0;
}

// Dot products of two bf16 (vdpbf16ps), added to fp32.
inline double bf16(const std::string& isa, int threads) {
#if defined(__x86_64__)
  if (wide(isa) && __builtin_cpu_supports("avx512bf16")) return rate(threads, 64, bf16Dot512);
#endif
  return (void)isa, (void)threads, 0;
}

// Dot products of four bytes (vpdpbusd), added to 32 bits.
inline double int8(const std::string& isa, int threads) {
#if defined(__x86_64__)
  if (wide(isa) && __builtin_cpu_supports("avx512vnni")) return rate(threads, 128, int8Dot512);
#endif
  return (void)isa, (void)threads, 0;
}

// More than any cache holds.
constexpr size_t kBytesAThread = size_t{128} << 20;

struct Buffers {
  std::vector<std::unique_ptr<uint64_t[]>> each;
  explicit Buffers(int threads) {
    for (int i = 0; i < threads; ++i) {
      each.emplace_back(new uint64_t[kBytesAThread / 8]);
      std::memset(each.back().get(), i + 1, kBytesAThread);
    }
  }
};

inline double memoryRead(int threads) {
  Buffers buffers(threads);
  return best(threads, double(kBytesAThread) * threads, [&](int i) {
    const uint64_t* data = buffers.each[size_t(i)].get();
    uint64_t sum[4] = {};
    for (size_t at = 0; at < kBytesAThread / 8; at += 4)
      for (size_t j = 0; j < 4; ++j) sum[j] += data[at + j];
    volatile uint64_t sink = sum[0] + sum[1] + sum[2] + sum[3];
    (void)sink;
  });
}

// Bytes read and bytes written, both counted.
inline double memoryCopy(int threads) {
  Buffers buffers(threads);
  return best(threads, double(kBytesAThread) * threads, [&](int i) {
    uint64_t* data = buffers.each[size_t(i)].get();
    std::memcpy(data, data + kBytesAThread / 16, kBytesAThread / 2);
  });
}

}  // namespace peaks
