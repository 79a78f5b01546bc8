// Blocks of memory with an account of what the engine holds.
#pragma once
#include <cstddef>
#include <cstdint>

namespace patchbay {

struct MemoryUse {
  int64_t current;
  int64_t peak;
};

// Bytes of all blocks, and the most since resetPeak.
MemoryUse memoryUse();
void resetMemoryPeak();

// 64-byte aligned, owned, not initialised. Large blocks ask the system for huge pages.
class Block {
 public:
  Block() = default;
  // Throws ENGINE_MEMORY; `what` names the block in the message.
  Block(size_t bytes, const char* what);
  ~Block();
  Block(Block&& other) noexcept;
  Block& operator=(Block&& other) noexcept;

  void* data() const { return data_; }
  size_t size() const { return bytes_; }

 private:
  void* data_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace patchbay
