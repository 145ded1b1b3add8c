// SPDX-License-Identifier: Apache-2.0
// render: batches for tests, written as flow-log lines.
#pragma once

#include <charconv>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/batch.hpp"

namespace weir::render {

/// A batch that owns its texts. Lines have one token a field, `-` for missing; set_text() takes
/// what a token cannot hold.
class TestRecords {
 public:
  TestRecords(Format format, const std::vector<std::string>& lines) {
    batch_.format = std::make_shared<const Format>(std::move(format));
    batch_.columns.resize(batch_.format->size());
    for (Column& column : batch_.columns) column.decoded = true;
    for (const std::string& line : lines) add(line);
  }

  const Batch& batch() const noexcept { return batch_; }
  Batch& batch() noexcept { return batch_; }
  const Selection& all() noexcept {
    selection_.select_all(batch_.rows);
    return selection_;
  }

  void set_text(std::size_t row, std::string_view field, std::string text) {
    Column& column = batch_.columns[static_cast<std::size_t>(batch_.format->index_of(field))];
    column.texts[row] = texts_.emplace_back(std::move(text));
  }

 private:
  void add(std::string_view line) {
    for (std::size_t i = 0; i < batch_.columns.size(); ++i) {
      const std::size_t length = std::min(line.find(' '), line.size());
      add_value(batch_.columns[i], batch_.format->fields()[i].type, line.substr(0, length));
      line.remove_prefix(std::min(length + 1, line.size()));
    }
    ++batch_.rows;
  }

  void add_value(Column& column, FieldType type, std::string_view token) {
    const bool missing = token == "-";
    if (missing) column.nulls.set(batch_.rows);
    if (type == FieldType::address) {
      column.addresses.push_back(missing ? Ip{} : parse_ip(token).value());
    } else if (type == FieldType::text) {
      column.texts.push_back(missing ? std::string_view{} : texts_.emplace_back(token));
    } else {
      std::uint64_t value = 0;
      std::from_chars(token.data(), token.data() + token.size(), value);
      column.numbers.push_back(value);
    }
  }

  Batch batch_;
  Selection selection_{};
  std::deque<std::string> texts_;
};

}  // namespace weir::render
