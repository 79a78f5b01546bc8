// The ops that only move elements, one file each: they are the same on every instruction set.
#pragma once
#include <cstdint>

#include "tensor.h"
#include "threadPool.h"

namespace patchbay {

// out = the views one after the other along `axis`.
void concat(const View* x, int count, int axis, const View& out, ThreadPool&);
// out = x from `starts`, as much as out holds.
void slice(const View& x, const int32_t* starts, const View& out, ThreadPool&);
// Dimension i of out is dimension order[i] of x.
void permute(const View& x, const int32_t* order, const View& out, ThreadPool&);
// The same elements in the same order under another shape.
void copy(const View& x, const View& out, ThreadPool&);
// out[i] = row ids[i] of a table [rows, width] stored in `dtype`, widened by `widen`. Throws ENGINE_BOUNDS for an id outside the table.
void gather(const void* table, DType dtype, int64_t rows, const View& ids, const View& out,
            void (*widen)(const void* source, DType dtype, float* destination, int64_t count), ThreadPool&);

}  // namespace patchbay
