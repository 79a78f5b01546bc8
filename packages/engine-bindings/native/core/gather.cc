#include "move.h"

#include <vector>

#include "error.h"

namespace patchbay {

void gather(const void* table, DType dtype, int64_t rows, const View& ids, const View& out,
            void (*widen)(const void*, DType, float*, int64_t), ThreadPool& pool) {
  int64_t width = out.last(), count = ids.count();
  // A copy: the ids may lie in a buffer of the caller's, and what is checked must be what is used.
  std::vector<int32_t> wanted(size_t(count), 0);
  for (int64_t i = 0; i < count; ++i) {
    int32_t id = static_cast<const int32_t*>(ids.data)[i / ids.last() * ids.rowStride + i % ids.last()];
    if (id < 0 || id >= rows) fail("ENGINE_BOUNDS", "could not gather row %d: the table has rows 0..%lld", id, (long long)rows - 1);
    wanted[size_t(i)] = id;
  }
  pool.parallel(count, [&](int64_t i, int) {
    const uint8_t* row = static_cast<const uint8_t*>(table) + size_t(wanted[size_t(i)] * width) * byteSize(dtype);
    widen(row, dtype, out.f32() + i * out.rowStride, width);
  });
}

}  // namespace patchbay
