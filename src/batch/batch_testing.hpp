// SPDX-License-Identifier: Apache-2.0
// batch: batches written as text, for tests.
#pragma once

#include <charconv>
#include <deque>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "weir/batch.hpp"

namespace weir::batch {

/// A batch and the texts that it points into.
struct TestBatch {
  Batch batch;
  std::deque<std::string> texts;
};

/// Builds a batch from a header line and records, as they stand in a log.
inline std::unique_ptr<TestBatch> make_test_batch(const std::string& header,
                                                  const std::vector<std::string>& records) {
  std::istringstream words(header);
  std::deque<std::string> names;
  for (std::string name; words >> name;) names.push_back(name);
  auto test = std::make_unique<TestBatch>();
  const std::vector<std::string_view> views(names.begin(), names.end());
  test->batch.format = std::make_shared<Format>(*Format::from_names(views));
  test->batch.rows = records.size();
  test->batch.columns.resize(names.size());
  for (std::size_t row = 0; row < records.size(); ++row) {
    std::istringstream values(records[row]);
    for (std::size_t i = 0; i < names.size(); ++i) {
      Column& column = test->batch.columns[i];
      column.decoded = true;
      std::string& value = test->texts.emplace_back();
      values >> value;
      const bool missing = value == "-";
      if (missing) column.nulls.set(row);
      switch (test->batch.format->fields()[i].type) {
        case FieldType::address:
          column.addresses.push_back(missing ? Ip{} : parse_ip(value).value());
          break;
        case FieldType::text:
          column.texts.push_back(missing ? std::string_view{} : std::string_view(value));
          break;
        case FieldType::number:
        case FieldType::time: {
          std::uint64_t number = 0;
          if (!missing) std::from_chars(value.data(), value.data() + value.size(), number);
          column.numbers.push_back(number);
        }
      }
    }
  }
  return test;
}

}  // namespace weir::batch
