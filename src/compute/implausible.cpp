// SPDX-License-Identifier: Apache-2.0
// compute: what no record can say: part of `weir check`.
#include "compute/implausible.hpp"

#include "base/protocol.hpp"

namespace weir::compute {
namespace {

// `start` and `end` may lie up to 60 seconds outside. What is longer is no window of AWS's.
constexpr std::int64_t kLongestWindow = kLongWindow + 2 * std::int64_t{60};
/// IPv4's header without options (RFC 791, section 3.1): a packet has no fewer bytes.
constexpr std::uint64_t kLeastPacket = 20;
/// Starts are told apart by months, to find those that are years away from all others.
constexpr std::int64_t kMonth = 30 * base::kSecondsOfDay;
constexpr std::int64_t kFarMonths = 60;
/// A log of nothing but odd times must not fill the memory.
constexpr std::size_t kMostMonths = 10'000;

constexpr std::string_view kLongWindowFound = "window longer than 12 minutes";

bool is_far(std::int64_t month, std::int64_t middle) noexcept {
  return month - middle > kFarMonths || middle - month > kFarMonths;
}

}  // namespace

std::optional<std::int64_t> time_at(const Column* column, std::size_t row) {
  if (column == nullptr || column->nulls.test(row)) return std::nullopt;
  return static_cast<std::int64_t>(column->numbers[row]);
}

std::string_view text_at(const Column* column, std::size_t row) {
  return column == nullptr || column->nulls.test(row) ? std::string_view() : column->texts[row];
}

bool is_window(std::optional<std::int64_t> start, std::optional<std::int64_t> end) noexcept {
  // A start below 0 is a number beyond 63 bits.
  return start && end && *start >= 0 && *start <= *end && *end - *start <= kLongestWindow;
}

void ImplausibleValues::add(const Batch& batch, std::size_t row, std::optional<std::int64_t> start,
                            std::optional<std::int64_t> end) {
  const auto packets = time_at(batch.find(FieldId::packets), row);
  const auto bytes = time_at(batch.find(FieldId::bytes), row);
  if (start && (months_.size() < kMostMonths || months_.contains(*start / kMonth))) {
    months_[*start / kMonth].add(start, is_window(start, end) ? end : start);
  }
  if (start && end && *start <= *end && !is_window(start, end)) {
    impossible_[kLongWindowFound].add(start, start);
  }
  if (packets && *packets == 0) {
    const std::string_view action = text_at(batch.find(FieldId::action), row);
    impossible_[action == "ACCEPT"   ? "0 packets accepted"
                : action == "REJECT" ? "0 packets rejected"
                                     : "0 packets"]
        .add(start, end);
  }
  if (packets && bytes &&
      static_cast<std::uint64_t>(*bytes) / kLeastPacket < static_cast<std::uint64_t>(*packets)) {
    impossible_["fewer than 20 bytes per packet"].add(start, end);
  }
}

/// The month of the record that has as many before it as behind it.
std::int64_t ImplausibleValues::middle_month() const {
  std::uint64_t all = 0;
  for (const auto& [month, tally] : months_) all += tally.count;
  std::uint64_t before = 0;
  for (const auto& [month, tally] : months_) {
    before += tally.count;
    if (2 * before >= all) return month;
  }
  return 0;
}

Tally ImplausibleValues::time_range() const {
  Tally range;
  const std::int64_t middle = middle_month();
  for (const auto& [month, tally] : months_) {
    if (!is_far(month, middle)) range.add(tally.first, tally.last);
  }
  return range;
}

void ImplausibleValues::list(std::vector<Finding>& findings) const {
  const auto add = [&](std::string_view what, const Tally& tally, std::string_view detail) {
    findings.push_back({.topic = "odd-values",
                        .severity = Severity::warning,
                        .subject = std::string(what),
                        .count = tally.count,
                        .first = tally.first,
                        .last = tally.last,
                        .detail = std::string(detail)});
  };
  for (const auto& [what, tally] : impossible_) {
    add(what, tally,
        what == kLongWindowFound ? "cannot be right; counted in sums, not in gaps"
                                 : "cannot be right; counted in sums as it is");
  }
  const std::int64_t middle = middle_month();
  Tally far;
  std::uint64_t count = 0;
  for (const auto& [month, tally] : months_) {
    if (!is_far(month, middle)) continue;
    far.add(tally.first, tally.last);
    count += tally.count;
  }
  far.count = count;
  if (count > 0) {
    add("start years away from most records", far,
        "cannot be right; counted in sums, not in the time range above");
  }
}

}  // namespace weir::compute
