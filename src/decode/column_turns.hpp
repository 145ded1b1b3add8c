// SPDX-License-Identifier: Apache-2.0
// decode: when each column of a format is converted.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "weir/decode.hpp"

namespace weir::decode {

/// A turn is 0 for DecodeOptions::fields, and n + 1 for step n of DecodeOptions::later.
class ColumnTurns {
 public:
  using Turn = std::uint8_t;

  void plan(const FormatPtr& format, const DecodeOptions& options) {
    if (format_ == format) return;
    format_ = format;
    turns_.assign(format->size(), kNever);
    for (std::size_t i = 0; i < format->size(); ++i) {
      const FormatField& field = format->fields()[i];
      if (options.fields.contains(field)) turns_[i] = 0;
      for (std::size_t step = 0; step < options.later.size() && turns_[i] == kNever; ++step) {
        if (options.later[step].contains(field)) turns_[i] = static_cast<Turn>(step + 1);
      }
    }
  }
  bool has(Turn turn) const {
    return std::find(turns_.begin(), turns_.end(), turn) != turns_.end();
  }
  bool is(std::size_t field, Turn turn) const { return turns_[field] == turn; }

 private:
  static constexpr Turn kNever = 0xff;

  FormatPtr format_;
  std::vector<Turn> turns_;  // a field each
};

}  // namespace weir::decode
