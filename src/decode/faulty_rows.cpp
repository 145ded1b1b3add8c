// SPDX-License-Identifier: Apache-2.0
// decode: rows that some column could not hold -> out of the batch, and the words for them.
#include "decode/faulty_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weir::decode {
namespace {

void drop_rows(Column& column, std::size_t rows, const RowBits& dropped) {
  NullMask nulls;
  std::size_t kept = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    if (dropped[row]) continue;
    if (column.nulls.test(row)) nulls.set(kept);
    ++kept;
  }
  column.nulls = nulls;
  if (!column.numbers.empty()) keep_rows(column.numbers.data(), rows, dropped);
  if (!column.addresses.empty()) keep_rows(column.addresses.data(), rows, dropped);
  if (!column.texts.empty()) keep_rows(column.texts.data(), rows, dropped);
}

}  // namespace

void keep_first_faults(std::vector<RowFault>& faults) {
  std::stable_sort(faults.begin(), faults.end(), [](const auto& a, const auto& b) {
    return a.row != b.row ? a.row < b.row : a.field < b.field;
  });
  faults.erase(std::unique(faults.begin(), faults.end(),
                           [](const auto& a, const auto& b) { return a.row == b.row; }),
               faults.end());
}

RowBits rows_of(const std::vector<RowFault>& faults) {
  RowBits rows;
  for (const RowFault& fault : faults) rows[fault.row] = true;
  return rows;
}

void drop_rows(Batch& batch, const RowBits& dropped) {
  for (Column& column : batch.columns) {
    if (column.decoded) drop_rows(column, batch.rows, dropped);
  }
}

std::size_t drop_rows(Selection& selection, const RowBits& dropped) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < selection.count; ++i) {
    if (!dropped[selection.rows[i]]) selection.rows[kept++] = selection.rows[i];
  }
  const std::size_t gone = selection.count - kept;
  selection.count = kept;
  return gone;
}

std::string fault_detail(const FormatField& field, std::string_view value, RejectReason reason) {
  constexpr std::size_t kShown = 40;
  const std::string shown =
      fmt::format("{}{}", value.substr(0, kShown), value.size() > kShown ? "..." : "");
  if (reason == RejectReason::address)
    return fmt::format("{}: '{}' is not an address", field.name, shown);
  if (reason == RejectReason::time) return fmt::format("{}: '{}' is not a time", field.name, shown);
  const bool digits =
      std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits) {
    return fmt::format("{}: {} is larger than {}", field.name, shown, field_info(field.id).max);
  }
  return fmt::format("{}: '{}' is not a number", field.name, shown);
}

}  // namespace weir::decode
