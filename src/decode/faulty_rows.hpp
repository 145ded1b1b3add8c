// SPDX-License-Identifier: Apache-2.0
// decode: rows that some column could not hold -> out of the batch, and the words for them.
#pragma once

#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "decode/convert.hpp"
#include "weir/batch.hpp"

namespace weir::decode {

using RowBits = std::bitset<kBatchRows>;

/// The first fault of each row, in the order of the rows.
void keep_first_faults(std::vector<RowFault>& faults);
RowBits rows_of(const std::vector<RowFault>& faults);

/// Moves the values of the rows that stay to the front.
template <class Value>
void keep_rows(Value* values, std::size_t rows, const RowBits& dropped) {
  std::size_t kept = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    if (!dropped[row]) values[kept++] = values[row];
  }
}
/// Removes rows from the decoded columns, in place; `rows` of the batch stays.
void drop_rows(Batch& batch, const RowBits& dropped);
/// Takes rows out of a selection; returns how many.
std::size_t drop_rows(Selection& selection, const RowBits& dropped);

/// `srcport: '99999999999' is larger than 2147483647`.
std::string fault_detail(const FormatField& field, std::string_view value, RejectReason reason);

}  // namespace weir::decode
