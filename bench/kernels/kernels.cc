// Times single kernels at the sizes of Stable Diffusion 1.5 (512x512, two samples) and says which share of the machine's own peak each
// reaches (a convolution counted as the direct sum). Arguments: [isa] [threads] [parts of names, separated by |] [automatic, direct, winograd or
// winogradPairs: convolutions that way] [stored, pairs, bytes or quads: the weights' format, and attention by bf16 with pairs].
#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "../../packages/engine-bindings/native/cpu/kernelTable.h"
#include "peaks.h"

using namespace patchbay;

namespace {

using peaks::now;

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
  WeightFormat format;
  const ProductKernels& products = table.with(format);

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
  // Whether a name holds one of the filter's parts, which "|" separates.
  bool wanted(const std::string& name) const {
    const std::string parts = filter ? filter : "";
    for (size_t start = 0;; ) {
      const size_t end = parts.find('|', start);
      if (name.find(parts.substr(start, end - start)) != std::string::npos) return true;
      if (end == std::string::npos) return false;
      start = end + 1;
    }
  }

  void linear(int64_t m, int64_t n, int64_t k, DType dtype) {
    char name[80];
    std::snprintf(name, sizeof name, "linear %dx%dx%d %s", int(m), int(k), int(n), dtype == DType::f32 ? "f32" : "f16");
    if (!wanted(name)) return;
    Memory x(size_t(m * k) * 4), out(size_t(m * n) * 4), bias(size_t(n) * 4), file(size_t(n * k) * 4);
    Memory packed(products.packedBytes(n, k, dtype));
    if (dtype != DType::f32) std::memset(file.data, 0x2a, size_t(n * k) * 2);
    products.pack({file.data, dtype, n, 1, k, k, 0, 1}, packed.data, pool);
    PackedMatrix weight{packed.data, dtype, n, k, format};
    LinearArgs a{viewOf(x, {m, k}), weight, static_cast<float*>(bias.data), {}, viewOf(out, {m, n}), Activation::none};
    double bytes = m <= 8 ? double(n * k) * double(byteSize(dtype)) : 0;
    time(name, 2.0 * double(m) * double(n) * double(k), bytes, products.linearScratch(a), [&](Scratch s) { products.linear(a, s, pool); });
  }
  void conv(int64_t n, int64_t size, int64_t in, int64_t out, int64_t kernel, int64_t stride, DType dtype) {
    char name[80];
    std::snprintf(name, sizeof name, "conv %dx %dx%d %d->%d %dx%d/%d %s", int(n), int(size), int(size), int(in), int(out), int(kernel),
                  int(kernel), int(stride), dtype == DType::f32 ? "f32" : "f16");
    if (!wanted(name) || !products.conv2d) return;
    int64_t outSize = size / stride, k = kernel * kernel * in, pad = kernel / 2;
    Memory x(size_t(n * size * size * in) * 4), y(size_t(n * outSize * outSize * out) * 4), bias(size_t(out) * 4), file(size_t(out * k) * 4);
    Memory packed(products.packedBytes(out, k, dtype));
    if (dtype != DType::f32) std::memset(file.data, 0x2a, size_t(out * k) * 2);
    products.pack({file.data, dtype, out, kernel * kernel, in, k, 1, kernel * kernel}, packed.data, pool);
    Conv2dArgs a{viewOf(x, {n, size, size, in}), {packed.data, dtype, out, k, format}, kernel, kernel, stride, stride, pad, pad, pad, pad, 0, 0,
                 static_cast<float*>(bias.data), {}, {}, viewOf(y, {n, outSize, outSize, out}), Activation::none, method};
    time(name, 2.0 * double(n * outSize * outSize) * double(out) * double(k), 0, products.conv2dScratch(a, pool.threads()),
         [&](Scratch s) { products.conv2d(a, s, pool); });
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
    const AttentionKernel& kernel = format == WeightFormat::pairs ? table.bf16Attention : table.attention;
    time(name, 4.0 * double(batch * heads * queries * keys * dim), 0, kernel.scratch(a), [&](Scratch s) { kernel.run(a, s, pool); });
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
    Memory file(1280 * 1280 * 9 * 4), packed(products.packedBytes(1280, 1280 * 9, DType::f32));
    for (DType dtype : {DType::f32, DType::f16}) {
      double size = 1280.0 * 1280 * 9 * double(byteSize(dtype)) * 2;
      if (wanted("pack"))
        time(dtype == DType::f32 ? "pack conv 1280x1280x3x3 f32" : "pack conv 1280x1280x3x3 f16", 0, size, 0,
             [&](Scratch) { products.pack({file.data, dtype, 1280, 9, 1280, 1280 * 9, 1, 9}, packed.data, pool); });
      if (wanted("pack"))
        time(dtype == DType::f32 ? "pack linear 1280x11520 f32" : "pack linear 1280x11520 f16", 0, size, 0,
             [&](Scratch) { products.pack({file.data, dtype, 1280, 1, 11520, 11520, 0, 1}, packed.data, pool); });
    }
  }
};

WeightFormat formatOf(const std::string& name) {
  if (name == "pairs") return WeightFormat::pairs;
  if (name == "bytes") return WeightFormat::bytes;
  return name == "quads" ? WeightFormat::quads : WeightFormat::stored;
}

ConvMethod methodOf(const std::string& name) {
  if (name == "direct") return ConvMethod::direct;
  if (name == "winograd") return ConvMethod::winograd;
  return name == "winogradPairs" ? ConvMethod::winogradPairs : ConvMethod::automatic;
}

// Of the arithmetic that products with such weights are computed by.
double peakFor(WeightFormat weights, const char* isa, int threads) {
  if (weights == WeightFormat::pairs) return peaks::bf16(isa, threads);
  if (weights == WeightFormat::quads) return peaks::int8(isa, threads);
  return peaks::fp32(isa, threads);
}

}  // namespace

int main(int argc, char** argv) {
  int count;
  const KernelTable* table = argc > 1 ? kernelsFor(argv[1]) : availableKernels(&count)[0];
  if (!table) return std::printf("This machine lacks %s.\n", argv[1]), 1;
  int threads = argc > 2 ? std::atoi(argv[2]) : 2;
  ThreadPool pool(threads);
  std::string method = argc > 4 ? argv[4] : "automatic", format = argc > 5 ? argv[5] : "stored";
  WeightFormat weights = formatOf(format);
  if (!table->with(weights).linear) return std::printf("%s has no weights as %s.\n", table->isa, format.c_str()), 1;
  double peak = peakFor(weights, table->isa, threads);
  std::printf("%s, %d threads, weights %s, peak %.1f GFLOP/s\n", table->isa, threads, format.c_str(), peak * 1e-9);
  Bench b{*table, pool, peak, argc > 3 ? argv[3] : nullptr,
          methodOf(method), weights};
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
