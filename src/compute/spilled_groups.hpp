// SPDX-License-Identifier: Apache-2.0
// compute: runs of groups in a temporary file.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "compute/group_store.hpp"
#include "compute/spill_file.hpp"

namespace weir {

/// A run of records of one size, one after the other.
struct SpillRun {
  std::uint64_t offset = 0;
  std::uint64_t count = 0;
};

/// Writes records into a run whose length is known.
class RunWriter {
 public:
  RunWriter(const SpillFile& file, std::uint64_t offset) : file_(&file), offset_(offset) {}
  Result<void> write(std::span<const std::byte> bytes) {
    if (buffer_.size() + bytes.size() > kBufferBytes) {
      if (auto done = finish(); !done) return done;
    }
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    return {};
  }
  Result<void> finish() {
    auto done = file_->write(offset_, buffer_);
    offset_ += buffer_.size();
    buffer_.clear();
    return done;
  }

 private:
  static constexpr std::size_t kBufferBytes = std::size_t{128} << 10;
  const SpillFile* file_;
  std::uint64_t offset_;
  std::vector<std::byte> buffer_;
};

/// Reads the records of a run, one at a time.
class RunReader {
 public:
  RunReader(const SpillFile& file, const SpillRun& run, std::size_t record_bytes,
            std::size_t buffer_bytes = std::size_t{128} << 10)
      : file_(&file), run_(run), record_bytes_(record_bytes) {
    const std::size_t records = std::max(buffer_bytes / record_bytes, std::size_t{1});
    buffer_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(records, run.count)) *
                   record_bytes);
  }
  /// The next record, or null at the end. Valid until the next call.
  Result<const std::byte*> next() {
    if (place_ == filled_) {
      if (run_.count == 0) return static_cast<const std::byte*>(nullptr);
      const std::uint64_t records =
          std::min<std::uint64_t>(run_.count, buffer_.size() / record_bytes_);
      filled_ = static_cast<std::size_t>(records) * record_bytes_;
      if (auto done = file_->read(run_.offset, std::span(buffer_).first(filled_)); !done) {
        return Unexpected(std::move(done.error()));
      }
      run_.offset += filled_;
      run_.count -= records;
      place_ = 0;
    }
    const std::byte* const record = buffer_.data() + place_;
    place_ += record_bytes_;
    return record;
  }

 private:
  const SpillFile* file_;
  SpillRun run_;
  std::size_t record_bytes_;
  std::vector<std::byte> buffer_;
  std::size_t place_ = 0;
  std::size_t filled_ = 0;
};

/// A full key and its totals as bytes of a fixed number.
class RecordBytes {
 public:
  explicit RecordBytes(std::size_t full_words) : key_bytes_(full_words * sizeof(std::uint64_t)) {}
  std::size_t size() const noexcept { return key_bytes_ + sizeof(GroupTotals); }
  Result<void> write(RunWriter& writer, const GroupRecord& record) const;
  /// Copies a record out of `bytes`; its key into `key`.
  GroupRecord read(const std::byte* bytes, std::span<std::uint64_t> key) const;

 private:
  std::size_t key_bytes_;
};

/// Merges runs that are each in `order`, and visits the records of all in that order.
/// Memory: `buffer_bytes` over all runs, but at least a record each.
Result<void> merge_runs(const SpillFile& file, std::span<const SpillRun> runs,
                        const KeyLayout& layout, const GroupOrder& order, std::size_t buffer_bytes,
                        const GroupStore::Visitor& visitor);

}  // namespace weir
