// Weights: where their bytes lie, and the forms that kernels read, each made once at its first use.
#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "../cpu/kernelTable.h"
#include "mappedFile.h"
#include "memory.h"

namespace patchbay {

// How an op reads a weight.
enum class Form : int {
  matrix,      // [N, K], packed in panels
  transposed,  // [K, N], packed in panels as if [N, K]
  gated,       // [N, K], panels of the first and of the second half of N in turns
  conv,        // [O, I, kh, kw], packed in panels, taps outermost
  dense,       // as it is, widened to fp32
  table,       // as it is, in its storage type: rows are widened when they are read
};

using FormKey = std::tuple<Form, WeightFormat, const KernelTable*>;
class Weight;
using WeightForm = std::pair<Weight*, FormKey>;

class Weight {
 public:
  // In a file. Throws ENGINE_BOUNDS.
  Weight(std::shared_ptr<MappedFile> file, uint64_t offset, DType dtype, std::vector<int64_t> shape);
  // With a copy of `data`. Throws ENGINE_BOUNDS, ENGINE_MEMORY.
  Weight(const void* data, size_t bytes, DType dtype, std::vector<int64_t> shape);

  DType dtype() const { return dtype_; }
  const std::vector<int64_t>& shape() const { return shape_; }
  int64_t count() const { return count_; }
  // The elements as stored; may not be aligned to their size. Throws ENGINE_DISPOSED.
  const uint8_t* stored() const;

  // Bytes that a form takes, and those still to be allocated for it (which throws ENGINE_DISPOSED). The format is that of packed forms.
  size_t formBytes(const FormKey& key) const;
  size_t missingBytes(const FormKey& key);
  // The form's data, made if need be. Throws ENGINE_MEMORY, ENGINE_DISPOSED.
  const void* ready(const FormKey& key, ThreadPool& pool);
  // Says that nothing new may use it (at once, on any thread); requireLive throws ENGINE_DISPOSED from then on.
  void retire() { retired_.store(true); }
  void requireLive() const;
  // Frees everything. On the engine's thread, after the runs that were queued before.
  void dispose();

  ~Weight();
  Weight(const Weight&) = delete;

 private:
  MatrixSource source(Form form) const;
  bool ownsFloats() const { return !file_ && dtype_ == DType::f32; }  // and they are aligned

  DType dtype_;
  std::vector<int64_t> shape_;
  int64_t count_ = 1;
  std::shared_ptr<MappedFile> file_;
  uint64_t offset_ = 0;
  Block own_;
  std::atomic<bool> retired_{false};
  bool disposed_ = false;
  struct Packed {
    Block block;
    uint64_t lastUse;  // counts up over all forms
  };
  std::mutex mutex_;  // forms are made on the engine's thread and freed on others
  std::map<FormKey, Packed> forms_;

  friend uint64_t freeForms(uint64_t, const std::set<WeightForm>&, const std::set<WeightForm>*);
  friend uint64_t packedBytes();
};

// Frees packed forms of any weights until `bytes` are free or nothing is left that may go; returns the bytes freed. First goes what is not
// in `needed`, the longest unused before others. With `pinned`, the needed may go too, pinned ones apart: those used last before others,
// as the next run of a plan begins with those used first. On the engine's thread.
uint64_t freeForms(uint64_t bytes, const std::set<WeightForm>& needed, const std::set<WeightForm>* pinned);
// Bytes of all packed forms.
uint64_t packedBytes();

// n and k of a weight's packed matrix.
struct MatrixSize {
  int64_t n, k;
};
MatrixSize matrixSize(const std::vector<int64_t>& shape, Form form);

}  // namespace patchbay
