// SPDX-License-Identifier: Apache-2.0
// compute: what no record can say: part of `weir check`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/batch.hpp"
#include "weir/check.hpp"

namespace weir::compute {

/// What happened how often, and when first and last.
struct Tally {
  std::uint64_t count = 0;
  std::optional<std::int64_t> first;
  std::optional<std::int64_t> last;

  void add(std::optional<std::int64_t> begin, std::optional<std::int64_t> end) {
    ++count;
    if (begin && (!first || *begin < *first)) first = begin;
    if (end && (!last || *end > *last)) last = end;
  }
};

/// The longest window that AWS has, in seconds (AWS VPC User Guide, "Aggregation interval").
inline constexpr std::int64_t kLongWindow = 600;

/// Records further apart than this, in seconds, are not of one log.
inline constexpr std::int64_t kFarApart = std::int64_t{5} * 365 * 86'400;

std::optional<std::int64_t> time_at(const Column* column, std::size_t row);
std::string_view text_at(const Column* column, std::size_t row);
/// True if a record of AWS's can have these times.
bool is_window(std::optional<std::int64_t> start, std::optional<std::int64_t> end) noexcept;

/// Gathers records that cannot be right: windows of years, packets of no bytes, none at all, and
/// times years away from most others. They stay what they are; whoever reads the sums has to know.
///
/// Memory: a few hundred KiB at most.
class ImplausibleValues {
 public:
  void add(const Batch& batch, std::size_t row, std::optional<std::int64_t> start,
           std::optional<std::int64_t> end);
  /// From the first start to the last end, without what is years away.
  Tally time_range() const;
  void list(std::vector<Finding>& findings) const;

 private:
  std::int64_t middle_month() const;

  std::map<std::int64_t, Tally> months_;  // by start
  std::map<std::string_view, Tally> impossible_;
};

}  // namespace weir::compute
