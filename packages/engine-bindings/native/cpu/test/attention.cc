// attention and softmax.
#include <algorithm>

#include "testing.h"

namespace patchbay {
namespace testing {
namespace {

void testCase(const KernelTable& t, bool bf16, int64_t batch, int64_t queries, int64_t keys, int64_t heads, int64_t dim, bool causal,
              float range, int64_t gap) {
  const AttentionKernel& kernel = bf16 ? t.bf16Attention : t.attention;
  Random random{uint64_t(queries * 131 + keys * 7 + dim)};
  Buffer q({batch, queries, heads * dim}, gap), k({batch, keys, heads * dim}, gap), v({batch, keys, heads * dim}, gap);
  q.fill(random, -range, range);
  k.fill(random, -range, range);
  v.fill(random);
  float scale = 1 / std::sqrt(float(dim));
  // What the kernel multiplies: queries carry the scale, and that of powers of 2.
  const float factor = scale * 1.44269504088896341f;
  const auto query = [&](int64_t at) { return bf16 ? roundToBf16(q.at(at) * factor) / 1.44269504088896341 : double(scale) * q.at(at); };
  const auto read = [&](const Buffer& from, int64_t at) { return bf16 ? roundToBf16(from.at(at)) : double(from.at(at)); };
  int64_t width = heads * dim;
  Expected e{std::vector<double>(size_t(batch * queries * width)), std::vector<double>(size_t(batch * queries * width))};
  for (int64_t b = 0; b < batch; ++b)
    for (int64_t h = 0; h < heads; ++h)
      for (int64_t i = 0; i < queries; ++i) {
        int64_t seen = causal ? std::min(keys, i + 1) : keys;
        std::vector<double> score(size_t(seen), 0.0);
        double top = -INFINITY, total = 0, reach = 0;
        for (int64_t j = 0; j < seen; ++j) {
          double magnitude = 0;
          for (int64_t d = 0; d < dim; ++d) {
            double term = query((b * queries + i) * width + h * dim + d) * read(k, (b * keys + j) * width + h * dim + d);
            score[size_t(j)] += term, magnitude += std::fabs(term);
          }
          top = std::max(top, score[size_t(j)]);
          reach = std::max(reach, magnitude);
        }
        for (double& s : score) total += s = std::exp(s - top);
        for (int64_t d = 0; d < dim; ++d) {
          double sum = 0, size = 0;
          for (int64_t j = 0; j < seen; ++j) {
            double term = score[size_t(j)] / total * read(v, (b * keys + j) * width + h * dim + d);
            sum += term, size += std::fabs(term);
          }
          size_t at = size_t((b * queries + i) * width + h * dim + d);
          e.value[at] = sum;
          e.tolerance[at] = 1e-6 + 2e-7 * reach + (bf16 ? 4.1e-3 * size : 0);  // weights of the sum have 8 bits
        }
      }
  char name[160];
  std::snprintf(name, sizeof name, "%s attention%s batch=%d queries=%d keys=%d heads=%d dim=%d causal=%d", t.isa, bf16 ? " bf16" : "", int(batch), int(queries),
                int(keys), int(heads), int(dim), causal);
  check(
      name, e, [&] { return Buffer({batch, queries, width}, gap); },
      [&](int) { return kernel.scratch({q.view, k.view, v.view, heads, causal, scale, q.view}); },
      [&](Buffer& out, Scratch s, ThreadPool& pool) { kernel.run({q.view, k.view, v.view, heads, causal, scale, out.view}, s, pool); });
}

void testSoftmax(const KernelTable& t, int64_t rows, int64_t width, bool inPlace, int64_t gap) {
  Random random{uint64_t(rows * width)};
  Buffer x({rows, width}, gap);
  x.fill(random, -30, 30);
  if (width > 4)
    for (int64_t i = 0; i < rows; ++i) x.at(i * width + 2) = -INFINITY;
  Expected e;
  for (int64_t i = 0; i < rows; ++i) {
    double top = -INFINITY, total = 0;
    for (int64_t j = 0; j < width; ++j) top = std::max(top, double(x.at(i * width + j)));
    for (int64_t j = 0; j < width; ++j) total += std::exp(x.at(i * width + j) - top);
    for (int64_t j = 0; j < width; ++j) {
      e.value.push_back(std::exp(x.at(i * width + j) - top) / total);
      e.tolerance.push_back((5e-7 + 1e-7 * std::min(100.0, top - x.at(i * width + j))) * e.value.back() + 1e-37);
    }
  }
  check(
      std::string(t.isa) + " softmax width=" + std::to_string(width), e, [&] { return inPlace ? x : Buffer({rows, width}, gap); },
      [](int) { return size_t(0); },
      [&](Buffer& out, Scratch, ThreadPool& pool) { t.softmax({inPlace ? out.view : x.view, out.view}, pool); });
}

}  // namespace

void testAttention(const KernelTable& t) {
  for (bool bf16 : {false, true}) {
    if (bf16 && !t.bf16Attention.run) continue;
    testCase(t, bf16, 1, 1, 1, 1, 1, false, 1, 0);
    testCase(t, bf16, 2, 64, 77, 3, 40, false, 2, 0);
    testCase(t, bf16, 1, 300, 500, 2, 40, false, 3, 7);
    testCase(t, bf16, 1, 77, 77, 4, 64, true, 3, 0);
    testCase(t, bf16, 2, 290, 290, 1, 33, true, 2, 1);
    testCase(t, bf16, 1, 40, 350, 1, 20, true, 2, 0);
    testCase(t, bf16, 1, 333, 171, 1, 80, false, 1, 0);
    testCase(t, bf16, 1, 70, 200, 2, 160, false, 1, 0);
    testCase(t, bf16, 1, 130, 190, 1, 512, false, 1, 0);
    testCase(t, bf16, 1, 17, 1000, 1, 7, false, 40, 0);
    testCase(t, bf16, 3, 5, 3, 2, 3, false, 1, 2);
  }
  testSoftmax(t, 3, 1, false, 0);
  testSoftmax(t, 50, 77, false, 3);
  testSoftmax(t, 7, 1000, true, 0);
  testSoftmax(t, 9, 19, true, 2);
}

}  // namespace testing
}  // namespace patchbay
