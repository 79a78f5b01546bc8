#include "move.h"

#include "error.h"

namespace patchbay {

void gather(const void* table, DType dtype, int64_t rows, const View& ids, const View& out,
            void (*widen)(const void*, DType, float*, int64_t), ThreadPool& pool) {
  int64_t width = out.last(), count = ids.count();
  auto id = [&](int64_t i) { return static_cast<const int32_t*>(ids.data)[i / ids.last() * ids.rowStride + i % ids.last()]; };
  for (int64_t i = 0; i < count; ++i)
    if (id(i) < 0 || id(i) >= rows) fail("ENGINE_BOUNDS", "could not gather row %d: the table has rows 0..%lld", id(i), (long long)rows - 1);
  pool.parallel(count, [&](int64_t i, int) {
    const uint8_t* row = static_cast<const uint8_t*>(table) + size_t(id(i) * width) * byteSize(dtype);
    widen(row, dtype, out.f32() + i * out.rowStride, width);
  });
}

}  // namespace patchbay
