// Times single kernels at the sizes of Stable Diffusion 1.5 (512x512, two samples) and says which share of the machine's own peak of
// fused multiply-adds each reaches (a convolution counted as the direct sum). Arguments: [isa] [threads] [part of a name]
// [direct or winograd: convolutions that way].
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "../../packages/engine-bindings/native/cpu/kernelTable.h"

using namespace patchbay;

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

struct Memory {
  void* data;
  // Large blocks lie as the engine's do: on huge pages where the system gives them.
  explicit Memory(size_t bytes) : data(std::aligned_alloc(size_t{2} << 20, ((bytes + 64) | ((size_t{2} << 20) - 1)) + 1)) {
#ifdef MADV_HUGEPAGE
    madvise(data, bytes, MADV_HUGEPAGE);
#endif
    float* f = static_cast<float*>(data);
    for (size_t i = 0; i < bytes / 4; ++i) f[i] = float(int(i * 2654435761u >> 20) - 2048) / 2048.0f;
  }
  ~Memory() { std::free(data); }
  Memory(const Memory&) = delete;
};

View viewOf(const Memory& m, std::vector<int64_t> dims) {
  View v;
  v.data = m.data;
  v.rank = int(dims.size());
  for (size_t i = 0; i < dims.size(); ++i) v.dims[i] = dims[i];
  v.rowStride = v.last();
  return v;
}

struct Bench {
  const KernelTable& table;
  ThreadPool& pool;
  double peak;  // flop/s of all threads
  const char* filter;
  ConvMethod method;

  void time(const char* name, double flops, double bytes, size_t scratchEach, const std::function<void(Scratch)>& call) {
    size_t each = (scratchEach + 63) / 64 * 64;
    Memory scratch(each * size_t(pool.threads()) + 64);
    Scratch s{scratch.data, each};
    call(s);
    std::vector<double> times;
    double begin = now();
    while (times.size() < 5 || (now() - begin < 0.6 && times.size() < 200)) {
      double t = now();
      call(s);
      times.push_back(now() - t);
    }
    std::sort(times.begin(), times.end());
    double median = times[times.size() / 2];
    std::printf("%-44s %9.3f ms  best %9.3f", name, median * 1e3, times[0] * 1e3);
    if (flops > 0) std::printf("  %7.1f GFLOP/s", flops / median * 1e-9);
    if (flops > 0 && peak > 0) std::printf("  %5.1f %%", 100 * flops / median / peak);
    if (bytes > 0) std::printf("  %6.1f GB/s", bytes / median * 1e-9);
    std::printf("\n");
    std::fflush(stdout);
  }
  bool wanted(const char* name) const { return !filter || std::strstr(name, filter); }

  void linear(int64_t m, int64_t n, int64_t k, DType dtype) {
    char name[80];
    std::snprintf(name, sizeof name, "linear %dx%dx%d %s", int(m), int(k), int(n), dtype == DType::f32 ? "f32" : "f16");
    if (!wanted(name)) return;
    Memory x(size_t(m * k) * 4), out(size_t(m * n) * 4), bias(size_t(n) * 4), file(size_t(n * k) * 4), packed(table.packedBytes(n, k, dtype));
    if (dtype != DType::f32) std::memset(file.data, 0x2a, size_t(n * k) * 2);
    table.pack({file.data, dtype, n, 1, k, k, 0, 1}, packed.data, pool);
    LinearArgs a{viewOf(x, {m, k}), {packed.data, dtype, n, k}, static_cast<float*>(bias.data), {}, viewOf(out, {m, n}), Activation::none};
    double bytes = m <= 8 ? double(n * k) * double(byteSize(dtype)) : 0;
    time(name, 2.0 * double(m) * double(n) * double(k), bytes, table.linearScratch(a), [&](Scratch s) { table.linear(a, s, pool); });
  }
  void conv(int64_t n, int64_t size, int64_t in, int64_t out, int64_t kernel, int64_t stride, DType dtype) {
    char name[80];
    std::snprintf(name, sizeof name, "conv %dx %dx%d %d->%d %dx%d/%d %s", int(n), int(size), int(size), int(in), int(out), int(kernel),
                  int(kernel), int(stride), dtype == DType::f32 ? "f32" : "f16");
    if (!wanted(name)) return;
    int64_t outSize = size / stride, k = kernel * kernel * in, pad = kernel / 2;
    Memory x(size_t(n * size * size * in) * 4), y(size_t(n * outSize * outSize * out) * 4), bias(size_t(out) * 4), file(size_t(out * k) * 4);
    Memory packed(table.packedBytes(out, k, dtype));
    if (dtype != DType::f32) std::memset(file.data, 0x2a, size_t(out * k) * 2);
    table.pack({file.data, dtype, out, kernel * kernel, in, k, 1, kernel * kernel}, packed.data, pool);
    Conv2dArgs a{viewOf(x, {n, size, size, in}), {packed.data, dtype, out, k}, kernel, kernel, stride, stride, pad, pad, pad, pad, 0, 0,
                 static_cast<float*>(bias.data), {}, {}, viewOf(y, {n, outSize, outSize, out}), Activation::none, method};
    time(name, 2.0 * double(n * outSize * outSize) * double(out) * double(k), 0, table.conv2dScratch(a, pool.threads()),
         [&](Scratch s) { table.conv2d(a, s, pool); });
  }
  void attention(int64_t batch, int64_t queries, int64_t keys, int64_t heads, int64_t dim) {
    char name[80];
    std::snprintf(name, sizeof name, "attention B=%d L=%d,%d H=%d D=%d", int(batch), int(queries), int(keys), int(heads), int(dim));
    if (!wanted(name)) return;
    int64_t width = heads * dim;
    Memory q(size_t(batch * queries * width) * 4), k(size_t(batch * keys * width) * 4), v(size_t(batch * keys * width) * 4);
    Memory out(size_t(batch * queries * width) * 4);
    AttentionArgs a{viewOf(q, {batch, queries, width}), viewOf(k, {batch, keys, width}), viewOf(v, {batch, keys, width}), heads, false, 0.1f,
                    viewOf(out, {batch, queries, width})};
    time(name, 4.0 * double(batch * heads * queries * keys * dim), 0, table.attentionScratch(a), [&](Scratch s) { table.attention(a, s, pool); });
  }
  void groupNorm(int64_t n, int64_t size, int64_t channels) {
    char name[80];
    std::snprintf(name, sizeof name, "groupNorm+silu %dx %dx%dx%d", int(n), int(size), int(size), int(channels));
    if (!wanted(name)) return;
    double count = double(n * size * size * channels);
    Memory x(size_t(count) * 4), out(size_t(count) * 4), gamma(size_t(channels) * 4), beta(size_t(channels) * 4);
    GroupNormArgs a{viewOf(x, {n, size, size, channels}), static_cast<float*>(gamma.data), static_cast<float*>(beta.data), 32, 1e-5f,
                    Activation::silu, viewOf(out, {n, size, size, channels})};
    time(name, 0, count * 12, table.groupNormScratch(a), [&](Scratch s) { table.groupNorm(a, s, pool); });
  }
  void rest() {
    const int64_t rows = 8192, width = 1280;
    Memory x(rows * 2 * width * 4), out(rows * 2 * width * 4), bias(width * 8);
    View wide = viewOf(x, {rows, 2 * width}), narrow = viewOf(x, {rows, width}), to = viewOf(out, {rows, width});
    float* g = static_cast<float*>(bias.data);
    double bytes = double(rows * width) * 4;
    if (wanted("geglu")) time("geglu 8192x1280", 0, 3 * bytes, 0, [&](Scratch) { table.geglu({wide, to}, pool); });
    if (wanted("layerNorm")) time("layerNorm 8192x1280", 0, 2 * bytes, 0, [&](Scratch) { table.layerNorm({narrow, g, g, 1e-5f, to}, pool); });
    if (wanted("softmax")) time("softmax 8192x1280", 0, 2 * bytes, 0, [&](Scratch) { table.softmax({narrow, to}, pool); });
    if (wanted("unary")) time("unary silu 8192x1280", 0, 2 * bytes, 0, [&](Scratch) { table.unary({narrow, 0, to}, pool); });
    if (wanted("binary")) time("binary add 8192x1280", 0, 3 * bytes, 0, [&](Scratch) { table.binary({narrow, narrow, 0, to}, pool); });
    Memory file(1280 * 1280 * 9 * 4), packed(table.packedBytes(1280, 1280 * 9, DType::f32));
    for (DType dtype : {DType::f32, DType::f16}) {
      double size = 1280.0 * 1280 * 9 * double(byteSize(dtype)) * 2;
      if (wanted("pack"))
        time(dtype == DType::f32 ? "pack conv 1280x1280x3x3 f32" : "pack conv 1280x1280x3x3 f16", 0, size, 0,
             [&](Scratch) { table.pack({file.data, dtype, 1280, 9, 1280, 1280 * 9, 1, 9}, packed.data, pool); });
      if (wanted("pack"))
        time(dtype == DType::f32 ? "pack linear 1280x11520 f32" : "pack linear 1280x11520 f16", 0, size, 0,
             [&](Scratch) { table.pack({file.data, dtype, 1280, 1, 11520, 11520, 0, 1}, packed.data, pool); });
    }
  }
};

// Fused multiply-adds a second of one thread, in flop/s; 0 where this program does not know how to measure it.
#if defined(__x86_64__)
#define CHAINS 12
__attribute__((target("avx512f"))) double rate512(int64_t rounds) {
  __m512 sum[CHAINS], x = _mm512_set1_ps(0.5f), y = _mm512_set1_ps(1.0f);
  for (__m512& s : sum) s = y;
  double begin = now();
  for (int64_t i = 0; i < rounds; ++i)
#pragma GCC unroll 12
    for (int j = 0; j < CHAINS; ++j) sum[j] = _mm512_fmadd_ps(sum[j], x, y);
  double seconds = now() - begin;
  for (__m512& s : sum) y = _mm512_add_ps(y, s);
  volatile float sink = _mm512_cvtss_f32(y);
  (void)sink;
  return double(rounds) * CHAINS * 32 / seconds;
}
__attribute__((target("avx2,fma"))) double rate256(int64_t rounds) {
  __m256 sum[CHAINS], x = _mm256_set1_ps(0.5f), y = _mm256_set1_ps(1.0f);
  for (__m256& s : sum) s = y;
  double begin = now();
  for (int64_t i = 0; i < rounds; ++i)
#pragma GCC unroll 12
    for (int j = 0; j < CHAINS; ++j) sum[j] = _mm256_fmadd_ps(sum[j], x, y);
  double seconds = now() - begin;
  for (__m256& s : sum) y = _mm256_add_ps(y, s);
  volatile float sink = _mm256_cvtss_f32(y);
  (void)sink;
  return double(rounds) * CHAINS * 16 / seconds;
}
#endif

double measurePeak(const char* isa) {
  double best = 0;
  for (int i = 0; i < 50; ++i) {
    double rate = 0;
#if defined(__x86_64__)
    if (!std::strcmp(isa, "avx512")) rate = rate512(200000);
    if (!std::strcmp(isa, "avx2")) rate = rate256(200000);
#endif
    best = std::max(best, rate);
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  int count;
  const KernelTable* table = argc > 1 ? kernelsFor(argv[1]) : availableKernels(&count)[0];
  if (!table) return std::printf("This machine lacks %s.\n", argv[1]), 1;
  int threads = argc > 2 ? std::atoi(argv[2]) : 2;
  ThreadPool pool(threads);
  double peak = measurePeak(table->isa) * threads;
  std::printf("%s, %d threads, peak %.1f GFLOP/s\n", table->isa, threads, peak * 1e-9);
  std::string method = argc > 4 ? argv[4] : "";
  Bench b{*table, pool, peak, argc > 3 ? argv[3] : nullptr,
          method == "direct" ? ConvMethod::direct : method == "winograd" ? ConvMethod::winograd : ConvMethod::automatic};
  const DType f32 = DType::f32, f16 = DType::f16;
  for (DType d : {f32, f16}) {
    b.conv(2, 64, 320, 320, 3, 1, d);
    b.conv(2, 32, 640, 640, 3, 1, d);
    b.conv(2, 16, 1280, 1280, 3, 1, d);
    b.conv(2, 8, 1280, 1280, 3, 1, d);
    b.linear(8192, 320, 320, d);
    b.linear(8192, 2560, 320, d);
    b.linear(8192, 320, 1280, d);
    b.linear(2048, 5120, 640, d);
    b.linear(512, 10240, 1280, d);
    b.linear(154, 320, 768, d);
    b.linear(1, 1280, 1280, d);
    b.linear(2, 10240, 5120, d);
    b.linear(8, 10240, 5120, d);
  }
  b.conv(2, 64, 4, 320, 3, 1, f16);
  b.conv(2, 64, 320, 4, 3, 1, f16);
  b.conv(2, 64, 320, 320, 3, 2, f16);
  b.conv(2, 64, 960, 320, 3, 1, f16);
  b.conv(2, 64, 960, 320, 1, 1, f16);
  b.conv(1, 64, 512, 512, 3, 1, f16);
  b.conv(1, 256, 256, 256, 3, 1, f16);
  b.conv(1, 512, 128, 128, 3, 1, f16);
  b.conv(1, 512, 128, 3, 3, 1, f16);
  b.conv(1, 512, 3, 128, 3, 1, f16);
  b.attention(2, 4096, 4096, 8, 40);
  b.attention(2, 1024, 1024, 8, 80);
  b.attention(2, 256, 256, 8, 160);
  b.attention(2, 64, 64, 8, 160);
  b.attention(2, 4096, 77, 8, 40);
  b.attention(1, 4096, 4096, 1, 512);
  b.attention(2, 4096, 4096, 5, 64);
  b.groupNorm(2, 64, 320);
  b.groupNorm(2, 16, 1280);
  b.groupNorm(1, 512, 128);
  b.rest();
}
