// SPDX-License-Identifier: Apache-2.0
// decode: tokens of one field -> one column. The part that a CPU-specific kernel replaces.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>

#include "decode/tokens.hpp"
#include "weir/batch.hpp"
#include "weir/envelope.hpp"

namespace weir::kernel {

/// The first thing wrong with a row, if anything is.
struct RowFault {
  std::uint16_t row = 0;
  std::uint16_t field = 0;
  RejectReason reason = RejectReason::number;
};

/// `-` becomes null. Faulty rows get an arbitrary value and an entry in `faults`, rows ascending.
void convert_numbers(const TokenTable& tokens, std::size_t field, std::uint64_t max, Column& column,
                     std::vector<RowFault>& faults);

/// Unix seconds; values too large for seconds are milliseconds and are counted.
void convert_times(const TokenTable& tokens, std::size_t field, Column& column,
                   std::vector<RowFault>& faults, std::uint64_t& milliseconds);

void convert_addresses(const TokenTable& tokens, std::size_t field, Column& column,
                       std::vector<RowFault>& faults);

/// Texts point into the tokens, or, where percent-encoding had to be undone, into `decoded`.
void convert_texts(const TokenTable& tokens, std::size_t field, bool percent_encoded,
                   Column& column, std::deque<std::string>& decoded);

}  // namespace weir::kernel
