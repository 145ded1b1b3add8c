// SPDX-License-Identifier: Apache-2.0
// fuzz: bytes -> Filter::parse. What it takes, it takes again from its canonical spelling, and both
// let the same records through. What stands behind a zero byte is read as a list file.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "filter/expression.hpp"
#include "filter/list_file.hpp"
#include "weir/filter.hpp"

namespace {

/// A few records of the default format, nulls among them.
weir::Batch make_batch() {
  weir::Batch batch;
  batch.format = std::make_shared<weir::Format>(weir::Format::default_vpc());
  batch.rows = 70;
  batch.columns.resize(batch.format->size());
  constexpr std::string_view kTexts[] = {"ACCEPT", "REJECT", "eni-0a", "NODATA", "unknown"};
  for (std::size_t i = 0; i < batch.columns.size(); ++i) {
    weir::Column& column = batch.columns[i];
    column.decoded = true;
    for (std::size_t row = 0; row < batch.rows; ++row) {
      column.numbers.push_back((row + i) * 11 % 97);
      column.addresses.push_back(row % 5 == 0 ? weir::Ip{.high = row, .low = i}
                                              : weir::Ip::from_ipv4(0x0a00'0000 + 37 * row % 512));
      column.texts.push_back(kTexts[(row + i) % std::size(kTexts)]);
      if ((row + i) % 7 == 0) column.nulls.set(row);
    }
  }
  return batch;
}

std::string matching_rows(const weir::Batch& batch, const weir::Filter& filter) {
  weir::Selection selection;
  selection.select_all(batch.rows);
  filter.bind(batch.format).apply(batch, selection);
  std::string rows;
  for (std::size_t i = 0; i < selection.count; ++i) rows += static_cast<char>(selection.rows[i]);
  return rows;
}

void read_list(std::string_view text) {
  for (const weir::FieldId id : {weir::FieldId::srcaddr, weir::FieldId::dstport,
                                 weir::FieldId::start, weir::FieldId::action}) {
    weir::filter::ListBudget budget;
    weir::filter::ValueSetBuilder builder{weir::filter::ValuePlace(weir::filter::FieldRef(id))};
    if (weir::filter::add_list(text, "list", budget, builder)) builder.finish();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t zero = std::min(input.find('\0'), input.size());
  if (zero < input.size()) read_list(input.substr(zero + 1));
  // An expression may name any file; the fuzzer must not make it open one.
  std::string expression(input.substr(0, zero));
  std::replace(expression.begin(), expression.end(), '@', ' ');

  const weir::Result<weir::Filter> filter = weir::Filter::parse(expression);
  if (!filter) {
    if (filter.error().message.empty() || filter.error().excerpt.empty()) std::abort();
    return 0;
  }
  static const weir::Batch kBatch = make_batch();
  const std::string rows = matching_rows(kBatch, *filter);
  const std::string canonical = filter->to_string();
  if (canonical.size() > weir::filter::kMaxExpressionBytes) return 0;
  const weir::Result<weir::Filter> again = weir::Filter::parse(canonical);
  if (!again || again->to_string() != canonical) std::abort();
  if (matching_rows(kBatch, *again) != rows) std::abort();
  return 0;
}
