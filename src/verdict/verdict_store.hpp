// SPDX-License-Identifier: Apache-2.0
// verdict: the verdict of every record, to be had in the order of the input.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/spill_file.hpp"
#include "weir/result.hpp"

namespace weir::verdict {

/// Numbers of a VerdictPool by FlowRecord::sequence. They come in any order and are asked for in
/// ascending order.
///
/// Errors:  only a temporary file can fail.
/// Threads: a Writer each; at() by one, once all writers have finished.
/// Memory:  4 bytes a record, or if that is more than `memory_bytes` some MiB and a file.
class VerdictStore {
 public:
  /// `records` is more than any sequence.
  static Result<std::unique_ptr<VerdictStore>> create(std::uint64_t records,
                                                      std::uint64_t memory_bytes,
                                                      const std::string& temp_directory);

  class Writer {
   public:
    explicit Writer(VerdictStore& store) : store_(store) {}
    void set(std::uint64_t sequence, std::uint32_t number) {
      if (sequence >= store_.records_) return;
      if (store_.file_ == nullptr) {
        store_.numbers_[sequence] = number;
        return;
      }
      if (waiting_.size() == kMostWaiting) flush();
      waiting_.push_back({sequence, number});
    }
    /// Errors: those of every write so far.
    Result<void> finish();

   private:
    struct Numbered {
      std::uint64_t sequence;
      std::uint32_t number;
    };
    static constexpr std::size_t kMostWaiting = std::size_t{1} << 18;

    void flush();

    VerdictStore& store_;
    std::vector<Numbered> waiting_;
    Result<void> written_;
  };

  /// The number of a record, 0 if it has none.
  Result<std::uint32_t> at(std::uint64_t sequence);

 private:
  /// Records that are in memory together when they are read back.
  static constexpr std::uint64_t kPageRecords = std::uint64_t{1} << 20;

  /// What is written: a place in a page and its number.
  struct Entry {
    std::uint32_t place;
    std::uint32_t number;
  };
  /// Entries of one page, one after the other in the file.
  struct Run {
    std::uint64_t offset;
    std::uint64_t count;
  };

  explicit VerdictStore(std::uint64_t records) : records_(records) {}
  Result<void> load(std::uint64_t page);

  std::uint64_t records_;
  std::vector<std::uint32_t> numbers_;     // of all records, or of the loaded page
  std::unique_ptr<base::SpillFile> file_;  // null: all are in memory
  std::mutex mutex_;
  std::vector<std::vector<Run>> runs_;  // by page; guarded by mutex_ while there are writers
  std::uint64_t loaded_ = ~std::uint64_t{0};
};

}  // namespace weir::verdict
