// SPDX-License-Identifier: Apache-2.0
// synth: format, network -> how to write a line. Neighbouring fields that depend on nothing but the
// interface are joined to one text for each interface, so that they cost one copy.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "synth/record.hpp"
#include "weir/format.hpp"

namespace weir::synth {

/// Threads: immutable.
class RecordPlan {
 public:
  /// `format` has VPC fields only.
  RecordPlan(const Format& format, const Network& network);

  /// Writes a line with its newline and returns its end. `out` has room for max_line_bytes().
  char* write(const Record& record, char* out) const noexcept;
  char* write(const EmptyWindow& window, char* out) const noexcept;
  std::size_t max_line_bytes() const noexcept { return max_line_bytes_; }

  /// False if a reject by Block Public Access could not be told from others.
  bool has_reject_reason() const noexcept { return has_reject_reason_; }

 private:
  /// A field, or with `fragment` set a run of fields of one interface.
  struct Step {
    FieldId field = FieldId::unknown;
    bool next_hop = false;       ///< of the fragment: whose interface
    std::uint32_t fragment = 0;  ///< first of its texts, plus one; 0: none
  };
  struct Text {
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
  };

  std::vector<Step> compile(const Format& format, const Network& network, bool empty_window);
  char* write_fragment(const Step& step, const Interface& interface, char* out) const noexcept;

  std::string texts_;
  std::vector<Text> fragments_;
  std::vector<Step> steps_;
  std::vector<Step> empty_steps_;
  std::size_t max_line_bytes_ = 0;
  bool has_reject_reason_ = false;
};

}  // namespace weir::synth
