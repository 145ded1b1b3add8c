// SPDX-License-Identifier: Apache-2.0
// conversation: packed records -> partitions, in memory or in a file -> records in order.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/spill_file.hpp"
#include "base/spill_run.hpp"
#include "conversation/packed_record.hpp"

namespace weir::conversation {

/// Records by the first bits of their hash, so that all records of a tuple are in one partition.
///
/// A partition that memory has no room for is sorted and written to the file as a run; at the end
/// its runs and what is still in memory are merged. So no number of records of one tuple is too
/// large.
/// Threads: add() from any; the rest from one, but for sorted(), which is for one thread a
///          partition.
class RecordStore {
 public:
  static constexpr std::size_t kPartitions = 256;

  RecordStore(std::uint64_t memory_bytes, std::string temp_directory)
      : memory_bytes_(memory_bytes), temp_directory_(std::move(temp_directory)) {}

  static std::size_t partition_of(std::uint64_t hash) noexcept { return hash >> 56; }

  /// Whole records, tails included, all of one partition.
  void add(std::size_t partition, std::span<const PackedRecord> units);
  bool failed() const noexcept { return failed_.load(std::memory_order_relaxed); }
  Result<void> failure() const;

  /// The records of one partition, in the order of comes_before().
  class Reader {
   public:
    virtual ~Reader() = default;
    /// The next record, or nothing at the end. Valid until the next call.
    virtual Result<std::optional<RecordView>> next() = 0;
  };
  std::unique_ptr<Reader> sorted(std::size_t partition);

 private:
  /// Units of 64 bytes in blocks that never move.
  class Units {
   public:
    static constexpr std::size_t kBlock = 256;

    void add(std::span<const PackedRecord> units);
    std::size_t size() const noexcept { return size_; }
    std::size_t memory_bytes() const noexcept {
      return blocks_.size() * kBlock * sizeof(PackedRecord);
    }
    RecordView at(std::size_t index) const noexcept {
      const PackedRecord& core = unit(index);
      return {.core = &core, .tail = core.has_tail() ? &unit(index + 1) : nullptr};
    }
    void clear() noexcept {
      blocks_.clear();
      size_ = 0;
    }

   private:
    const PackedRecord& unit(std::size_t index) const noexcept {
      return (*blocks_[index / kBlock])[index % kBlock];
    }
    std::vector<std::unique_ptr<std::array<PackedRecord, kBlock>>> blocks_;
    std::size_t size_ = 0;
  };

  struct Partition {
    std::mutex mutex;
    Units units;
    std::vector<std::uint32_t> order;  // of the records in memory, once they were asked for
    std::size_t counted_bytes = 0;     // what it has in used_bytes_
    std::vector<base::SpillRun> runs;  // counted in units
  };
  class MemoryReader;
  class MergingReader;

  static void sort(Partition& partition);
  void account(Partition& partition);
  Result<void> spill(Partition& partition);
  Result<base::SpillFile*> file();
  void fail(Error error);

  std::uint64_t memory_bytes_;
  std::string temp_directory_;
  std::array<Partition, kPartitions> partitions_;
  std::atomic<std::size_t> used_bytes_ = 0;
  std::atomic<bool> failed_ = false;
  mutable std::mutex mutex_;  // guards what follows
  std::unique_ptr<base::SpillFile> file_;
  std::optional<Error> failure_;
};

}  // namespace weir::conversation
