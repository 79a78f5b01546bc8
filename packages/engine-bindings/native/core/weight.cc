#include "weight.h"

#include <cstring>

#include "error.h"

namespace patchbay {
namespace {

// Elements of a shape; throws ENGINE_BOUNDS beyond 2^40.
int64_t countOf(const std::vector<int64_t>& shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    if (size < 0 || __builtin_mul_overflow(count, size, &count) || count > (int64_t{1} << 40))
      fail("ENGINE_BOUNDS", "could not make a weight: its shape has more than 2^40 elements");
  return count;
}

[[noreturn]] void failDisposed() { fail("ENGINE_DISPOSED", "could not read a weight: it was disposed of"); }

}  // namespace

Weight::Weight(std::shared_ptr<MappedFile> file, uint64_t offset, DType dtype, std::vector<int64_t> shape)
    : dtype_(dtype), shape_(std::move(shape)), count_(countOf(shape_)), file_(std::move(file)), offset_(offset) {
  uint64_t bytes = uint64_t(count_) * byteSize(dtype_);
  if (offset_ > file_->size() || bytes > file_->size() - offset_)
    fail("ENGINE_BOUNDS", "could not make a weight of %llu bytes at offset %llu: the file has %llu", (unsigned long long)bytes,
         (unsigned long long)offset_, (unsigned long long)file_->size());
}

Weight::Weight(const void* data, size_t bytes, DType dtype, std::vector<int64_t> shape)
    : dtype_(dtype), shape_(std::move(shape)), count_(countOf(shape_)) {
  size_t needed = size_t(count_) * byteSize(dtype_);
  if (bytes != needed) fail("ENGINE_BOUNDS", "could not make a weight from %zu bytes: its shape and type take %zu", bytes, needed);
  own_ = Block(bytes, "a weight");
  if (bytes) memcpy(own_.data(), data, bytes);
}

void Weight::requireLive() const {
  if (retired_.load()) failDisposed();
}

const uint8_t* Weight::stored() const {
  if (disposed_) failDisposed();
  return file_ ? file_->data() + offset_ : static_cast<const uint8_t*>(own_.data());
}

MatrixSize matrixSize(const std::vector<int64_t>& shape, Form form) {
  if (form == Form::conv) return {shape[0], shape[1] * shape[2] * shape[3]};
  return form == Form::transposed ? MatrixSize{shape[1], shape[0]} : MatrixSize{shape[0], shape[1]};
}

MatrixSource Weight::source(Form form) const {
  auto [n, k] = matrixSize(shape_, form);
  if (form == Form::conv) {
    int64_t taps = shape_[2] * shape_[3];
    return {stored(), dtype_, n, taps, shape_[1], k, 1, taps};
  }
  return form == Form::transposed ? MatrixSource{stored(), dtype_, n, 1, k, 1, 0, n} : MatrixSource{stored(), dtype_, n, 1, k, k, 0, 1};
}

size_t Weight::formBytes(Form form, const KernelTable& kernels) const {
  switch (form) {
    case Form::table: return 0;
    case Form::dense: return ownsFloats() ? 0 : size_t(count_) * sizeof(float);
    default: {
      auto [n, k] = matrixSize(shape_, form);
      return kernels.packedBytes(n, k, dtype_);
    }
  }
}

size_t Weight::missingBytes(Form form, const KernelTable& kernels) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (disposed_) failDisposed();
  return forms_.count({form, &kernels}) ? 0 : formBytes(form, kernels);
}

const void* Weight::ready(Form form, const KernelTable& kernels, ThreadPool& pool) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (form == Form::table || (form == Form::dense && ownsFloats())) return stored();
  auto key = std::make_pair(form, &kernels);
  auto found = forms_.find(key);
  if (found != forms_.end()) return found->second.data();
  const uint8_t* from = stored();
  Block block(formBytes(form, kernels), "a packed weight");
  if (form == Form::dense) kernels.widen(from, dtype_, static_cast<float*>(block.data()), count_);
  else kernels.pack(source(form), block.data(), pool);
  if (file_) file_->release(offset_, uint64_t(count_) * byteSize(dtype_));
  return forms_.emplace(key, std::move(block)).first->second.data();
}

void Weight::dispose() {
  std::lock_guard<std::mutex> lock(mutex_);
  disposed_ = true;
  forms_.clear();
  own_ = Block();
  file_.reset();
}

}  // namespace patchbay
