// SPDX-License-Identifier: Apache-2.0
// base: runs of records in a temporary file, and how sorted ones become one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/spill_file.hpp"

namespace weir::base {

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

/// Hands out the records of sorted sources in order, until `take` returns false.
///
/// `advance(source)` goes to a source's next record and returns false at its end; `before(a, b)`
/// compares where two sources stand; `take(source)` gets the source whose record is next. The first
/// and the last return a Result<bool>.
/// Errors:  theirs.
template <class Source, class Advance, class Before, class Take>
Result<void> merge_sorted(std::vector<std::unique_ptr<Source>> sources, const Advance& advance,
                          const Before& before, const Take& take) {
  std::vector<std::unique_ptr<Source>> heap;  // the first in order on top
  const auto later = [&](const std::unique_ptr<Source>& a, const std::unique_ptr<Source>& b) {
    return before(*b, *a);
  };
  for (std::unique_ptr<Source>& source : sources) {
    const Result<bool> more = advance(*source);
    if (!more) return Unexpected(more.error());
    if (*more) heap.push_back(std::move(source));
  }
  std::make_heap(heap.begin(), heap.end(), later);
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    const Result<bool> wanted = take(*heap.back());
    if (!wanted) return Unexpected(wanted.error());
    if (!*wanted) return {};
    const Result<bool> more = advance(*heap.back());
    if (!more) return Unexpected(more.error());
    if (*more) {
      std::push_heap(heap.begin(), heap.end(), later);
    } else {
      heap.pop_back();
    }
  }
  return {};
}

}  // namespace weir::base
