// SPDX-License-Identifier: Apache-2.0
// decode: what happened while one block was decoded, to be added up in the order of the blocks.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "weir/decode.hpp"

namespace weir::decode {

/// The steps that find rejects. Each finds them in the order of the lines.
enum class RejectStep : std::uint8_t { lines, first_columns, later_columns };
inline constexpr std::size_t kRejectSteps = 3;

class BlockOutcome {
 public:
  /// `keep_all` keeps every reject whole; otherwise the first kRejectSamples of each reason, and
  /// the others are only counted, so that a block of nothing but rubbish costs little.
  void reset(bool keep_all) {
    *this = BlockOutcome();
    keep_all_ = keep_all;
  }

  /// Counts a reject; true if it is wanted whole, by keep().
  bool count(RejectStep step, RejectReason reason) {
    const auto index = static_cast<std::size_t>(reason);
    ++rejected_[index];
    return ++seen_[static_cast<std::size_t>(step)][index] <= kRejectSamples || keep_all_;
  }
  void keep(Reject reject) { rejects.push_back(std::move(reject)); }

  void add_records(std::size_t use, std::uint64_t count) {
    if (records.empty() || records.back().first != use) records.emplace_back(use, 0);
    records.back().second += count;
  }

  const std::array<std::uint64_t, kRejectReasons>& rejected() const { return rejected_; }

  std::vector<Reject> rejects;                                 ///< in the order of their lines
  std::vector<std::pair<std::size_t, std::uint64_t>> records;  ///< by index of the format's use
  std::uint64_t blank_lines = 0;
  std::uint64_t comments = 0;
  std::uint64_t headers = 0;
  std::uint64_t millisecond_times = 0;
  std::uint64_t coarse_times = 0;

 private:
  std::array<std::uint64_t, kRejectReasons> rejected_{};
  std::array<std::array<std::uint64_t, kRejectReasons>, kRejectSteps> seen_{};
  bool keep_all_ = false;
};

}  // namespace weir::decode
