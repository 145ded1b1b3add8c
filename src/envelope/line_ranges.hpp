// SPDX-License-Identifier: Apache-2.0
// envelope: a plain file -> blocks of lines, in any order.
#pragma once

#include <cstdint>

#include "weir/envelope.hpp"
#include "weir/source.hpp"

namespace weir::envelope {

/// The lines of a plain file, cut at fixed places, so that several threads read it at once.
///
///   file   | range 0        | range 1        | range 2   |
///   lines  |---|-----|--------|----|----------|---|--|---|
///   blocks |     0            |    1          |    2     |    a line belongs to where it begins
///
/// Errors:  unreadable. A line longer than kMaxLineBytes is a reject of the block that it begins
/// in. Threads: read() may be called by several at once.
class LineRanges {
 public:
  /// `object` has a plain_size() and must outlive the ranges.
  static Result<LineRanges> over(const Object& object);

  std::uint64_t count() const noexcept { return count_; }
  /// Bytes of one range; the last may be shorter.
  static constexpr std::size_t kRangeBytes = std::size_t{256} << 10;

  Result<void> read(std::uint64_t index, LineBlock& block) const;
  /// Bytes of the file in a range.
  std::uint64_t bytes_of(std::uint64_t index) const noexcept;

 private:
  LineRanges(const Object& object, std::uint64_t begin, std::uint64_t end);
  Result<std::size_t> read_at(std::uint64_t offset, char* out, std::size_t bytes) const;
  Result<std::string_view> whole_lines(std::uint64_t offset, std::size_t wanted, bool starts_inside,
                                       LineBlock& block) const;

  const Object* object_;
  std::uint64_t begin_;  // of the first line: behind a byte order mark
  std::uint64_t end_;
  std::uint64_t count_;
};

}  // namespace weir::envelope
