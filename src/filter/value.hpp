// SPDX-License-Identifier: Apache-2.0
// filter: one word, for one field -> the value or range of values that it means.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/range_set.hpp"
#include "filter/field_ref.hpp"
#include "weir/result.hpp"

namespace weir::filter {

inline constexpr std::uint64_t kLargestNumber = std::numeric_limits<std::uint64_t>::max();

/// Numbers above it are milliseconds, where a time is expected: some logs hold them, and the
/// decoder turns them into seconds. Milliseconds have thirteen digits, seconds ten until the year
/// 2286.
inline constexpr std::uint64_t kLargestSeconds = 99'999'999'999;
/// 9999-12-31T23:59:59Z: the last time that has a date of four digits for the year.
inline constexpr std::uint64_t kLatestDate = 253'402'300'799;

/// For whom a value is read.
struct ValuePlace {
  FieldRef field;       ///< whose values the words mean
  std::string subject;  ///< how a message begins: `dstport holds`, `port takes`

  explicit ValuePlace(FieldRef of) : field(std::move(of)), subject(field.name + " holds") {}
  ValuePlace(FieldRef of, std::string begin) : field(std::move(of)), subject(std::move(begin)) {}
};

/// Reads a number (`22`, `10K`, `ssh`, `2026-11-22T10:00:00Z`) or a range of numbers.
/// Errors: usage; message and hint are set, the excerpt is the caller's.
Result<base::ValueRange<std::uint64_t>> read_numbers(const ValuePlace& place,
                                                     std::string_view word);

/// Reads an address, a prefix or a range. Both ends are of one family.
/// Errors: as read_numbers().
Result<base::ValueRange<Ip>> read_addresses(const ValuePlace& place, std::string_view word);

/// Checks a word for a text field. Words of a closed list must be on it, so that a slip such as
/// `action = REJECTED` is told instead of matching nothing.
/// Errors: as read_numbers().
Result<void> check_text(const ValuePlace& place, std::string_view word);

}  // namespace weir::filter
