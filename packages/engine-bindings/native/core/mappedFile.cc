#include "mappedFile.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "error.h"

namespace patchbay {

MappedFile::MappedFile(const std::string& path) {
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail("ENGINE_FILE", "could not open \"%s\": %s", path.c_str(), strerror(errno));
  struct stat info;
  if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
    close(file);
    fail("ENGINE_FILE", "could not map \"%s\": it is not a regular file", path.c_str());
  }
  size_ = uint64_t(info.st_size);
  if (size_ > 0) {
    void* mapped = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    int problem = errno;
    if (mapped == MAP_FAILED) {
      close(file);
      fail("ENGINE_FILE", "could not map \"%s\": %s", path.c_str(), strerror(problem));
    }
    data_ = static_cast<uint8_t*>(mapped);
  }
  close(file);
}

MappedFile::~MappedFile() {
  if (data_) munmap(data_, size_);
}

void MappedFile::release(uint64_t offset, uint64_t bytes) const {
  const uint64_t page = uint64_t(sysconf(_SC_PAGESIZE));
  uint64_t first = (offset + page - 1) / page * page;
  uint64_t last = (offset + bytes) / page * page;
  if (last > first) madvise(data_ + first, last - first, MADV_DONTNEED);
}

}  // namespace patchbay
