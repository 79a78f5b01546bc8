#include "weight.h"

#include <algorithm>
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

// All weights there are. Whoever goes through them keeps them from going away.
struct Registry {
  std::mutex mutex;
  std::set<Weight*> weights;
};
Registry& registry() {
  static Registry& instance = *new Registry;  // outlives the weights that are freed when the process ends
  return instance;
}

void enter(Weight* weight) {
  std::lock_guard<std::mutex> lock(registry().mutex);
  registry().weights.insert(weight);
}

}  // namespace

Weight::Weight(std::shared_ptr<MappedFile> file, uint64_t offset, DType dtype, std::vector<int64_t> shape)
    : dtype_(dtype), shape_(std::move(shape)), count_(countOf(shape_)), file_(std::move(file)), offset_(offset) {
  uint64_t bytes = uint64_t(count_) * byteSize(dtype_);
  if (offset_ > file_->size() || bytes > file_->size() - offset_)
    fail("ENGINE_BOUNDS", "could not make a weight of %llu bytes at offset %llu: the file has %llu", (unsigned long long)bytes,
         (unsigned long long)offset_, (unsigned long long)file_->size());
  enter(this);
}

Weight::Weight(const void* data, size_t bytes, DType dtype, std::vector<int64_t> shape)
    : dtype_(dtype), shape_(std::move(shape)), count_(countOf(shape_)) {
  size_t needed = size_t(count_) * byteSize(dtype_);
  if (bytes != needed) fail("ENGINE_BOUNDS", "could not make a weight from %zu bytes: its shape and type take %zu", bytes, needed);
  own_ = Block(bytes, "a weight");
  if (bytes) memcpy(own_.data(), data, bytes);
  enter(this);
}

Weight::~Weight() {
  std::lock_guard<std::mutex> lock(registry().mutex);
  registry().weights.erase(this);
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
  if (form == Form::transposed) return {stored(), dtype_, n, 1, k, 1, 0, n};
  return {stored(), dtype_, n, 1, k, k, 0, 1, form == Form::gated};
}

size_t Weight::formBytes(const FormKey& key) const {
  auto [form, format, kernels] = key;
  switch (form) {
    case Form::table: return 0;
    case Form::dense: return ownsFloats() ? 0 : size_t(count_) * sizeof(float);
    default: {
      auto [n, k] = matrixSize(shape_, form);
      return kernels->with(format).packedBytes(n, k, dtype_);
    }
  }
}

size_t Weight::missingBytes(const FormKey& key) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (disposed_) failDisposed();
  return forms_.count(key) ? 0 : formBytes(key);
}

const void* Weight::ready(const FormKey& key, ThreadPool& pool) {
  static std::atomic<uint64_t> clock{0};
  std::lock_guard<std::mutex> lock(mutex_);
  auto [form, format, kernels] = key;
  if (form == Form::table || (form == Form::dense && ownsFloats())) return stored();
  auto found = forms_.find(key);
  if (found == forms_.end()) {
    const uint8_t* from = stored();
    Block block(formBytes(key), "a packed weight");
    if (form == Form::dense) kernels->widen(from, dtype_, static_cast<float*>(block.data()), count_);
    else kernels->with(format).pack(source(form), block.data(), pool);
    if (file_) file_->release(offset_, uint64_t(count_) * byteSize(dtype_));
    found = forms_.emplace(key, Packed{std::move(block), 0}).first;
  }
  found->second.lastUse = ++clock;
  return found->second.block.data();
}

void Weight::dispose() {
  std::lock_guard<std::mutex> lock(mutex_);
  disposed_ = true;
  forms_.clear();
  own_ = Block();
  file_.reset();
}

uint64_t freeForms(uint64_t bytes, const std::set<WeightForm>& needed, const std::set<WeightForm>* pinned) {
  struct Candidate {
    bool needed;
    uint64_t lastUse;
    WeightForm form;
  };
  std::lock_guard<std::mutex> all(registry().mutex);
  std::vector<Candidate> candidates;
  for (Weight* weight : registry().weights) {
    std::lock_guard<std::mutex> lock(weight->mutex_);
    for (const auto& [key, packed] : weight->forms_) {
      WeightForm form{weight, key};
      bool isNeeded = needed.count(form) > 0;
      if (!isNeeded || (pinned && !pinned->count(form))) candidates.push_back({isNeeded, packed.lastUse, form});
    }
  }
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    if (a.needed != b.needed) return b.needed;
    return a.needed ? a.lastUse > b.lastUse : a.lastUse < b.lastUse;
  });
  uint64_t freed = 0;
  for (const Candidate& each : candidates) {
    if (freed >= bytes) break;
    auto [weight, key] = each.form;
    std::lock_guard<std::mutex> lock(weight->mutex_);
    auto found = weight->forms_.find(key);
    freed += found->second.block.size();
    weight->forms_.erase(found);
  }
  return freed;
}

uint64_t packedBytes() {
  std::lock_guard<std::mutex> all(registry().mutex);
  uint64_t bytes = 0;
  for (Weight* weight : registry().weights) {
    std::lock_guard<std::mutex> lock(weight->mutex_);
    for (const auto& [key, packed] : weight->forms_) bytes += packed.block.size();
  }
  return bytes;
}

}  // namespace patchbay
