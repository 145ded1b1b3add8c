// SPDX-License-Identifier: Apache-2.0
// batch: selected rows -> a batch that may be kept.
#include "batch/batch_copy.hpp"

#include <algorithm>
#include <span>

namespace weir::batch {
namespace {

std::size_t text_bytes(const Batch& batch, std::span<const std::uint16_t> rows) {
  std::size_t bytes = 0;
  for (const Column& column : batch.columns) {
    if (!column.decoded || column.texts.empty()) continue;
    for (const std::uint16_t row : rows) bytes += column.texts[row].size();
  }
  return bytes;
}

template <class Values>
void copy_values(const Values& from, std::span<const std::uint16_t> rows, Values& to) {
  if (from.empty()) return;
  to.reserve(rows.size());
  for (const std::uint16_t row : rows) to.push_back(from[row]);
}

}  // namespace

BatchCopy copy_rows(const Batch& batch, const Selection& selection) {
  const std::span<const std::uint16_t> rows(selection.rows.data(), selection.count);
  BatchCopy copy;
  copy.texts.reset(new char[text_bytes(batch, rows)]);
  char* free_text = copy.texts.get();
  copy.batch.format = batch.format;
  copy.batch.rows = rows.size();
  copy.batch.columns.resize(batch.columns.size());
  for (std::size_t i = 0; i < batch.columns.size(); ++i) {
    const Column& from = batch.columns[i];
    Column& to = copy.batch.columns[i];
    to.decoded = from.decoded;
    if (!from.decoded) continue;
    copy_values(from.numbers, rows, to.numbers);
    copy_values(from.addresses, rows, to.addresses);
    copy_values(from.texts, rows, to.texts);
    for (std::string_view& text : to.texts) {
      char* const end = std::copy(text.begin(), text.end(), free_text);
      text = {free_text, text.size()};
      free_text = end;
    }
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (from.nulls.test(rows[row])) to.nulls.set(row);
    }
  }
  return copy;
}

}  // namespace weir::batch
