#include "memory.h"

#include <sys/mman.h>

#include <atomic>
#include <cstdlib>
#include <utility>

#include "error.h"

namespace patchbay {
namespace {

constexpr size_t kMapped = size_t{1} << 20;  // from here on blocks are mappings of their own, given back to the system at once

std::atomic<int64_t> current{0};
std::atomic<int64_t> peak{0};

void account(int64_t bytes) {
  int64_t now = current.fetch_add(bytes) + bytes;
  int64_t most = peak.load();
  while (now > most && !peak.compare_exchange_weak(most, now)) {
  }
}

}  // namespace

MemoryUse memoryUse() { return {current.load(), peak.load()}; }

void resetMemoryPeak() { peak.store(current.load()); }

Block::Block(size_t bytes, const char* what) : bytes_(bytes) {
  if (bytes == 0) return;
  if (bytes >= kMapped) {
    void* mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) fail("ENGINE_MEMORY", "could not allocate %zu bytes for %s: the system has no more memory", bytes, what);
#ifdef MADV_HUGEPAGE
    madvise(mapped, bytes, MADV_HUGEPAGE);  // only a wish
#endif
    data_ = mapped;
  } else if (posix_memalign(&data_, 64, bytes) != 0) {
    data_ = nullptr;
    fail("ENGINE_MEMORY", "could not allocate %zu bytes for %s: the system has no more memory", bytes, what);
  }
  account(int64_t(bytes));
}

Block::~Block() {
  if (!data_) return;
  if (bytes_ >= kMapped) munmap(data_, bytes_);
  else free(data_);
  account(-int64_t(bytes_));
}

Block::Block(Block&& other) noexcept : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

Block& Block::operator=(Block&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

}  // namespace patchbay
