// A file mapped read-only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace patchbay {

class MappedFile {
 public:
  explicit MappedFile(const std::string& path);  // throws ENGINE_FILE
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const uint8_t* data() const { return data_; }
  uint64_t size() const { return size_; }
  // Gives the pages that lie wholly inside the range back to the system; reading them again reads the file.
  void release(uint64_t offset, uint64_t bytes) const;

 private:
  uint8_t* data_ = nullptr;
  uint64_t size_ = 0;
};

}  // namespace patchbay
