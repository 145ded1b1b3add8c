// SPDX-License-Identifier: Apache-2.0
// explain: records for tests, straight from the words of a line.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/batch.hpp"
#include "weir/explain.hpp"
#include "weir/ip.hpp"
#include "weir/names.hpp"

namespace weir::explain {

/// A batch of one row and the text that it points into.
struct RecordFixture {
  std::unique_ptr<std::string> text;
  std::deque<std::string> decoded;
  Batch batch;
};

inline std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = std::min(text.find_first_not_of(' ', at), text.size());
    at = std::min(text.find(' ', begin), text.size());
    if (at > begin) words.push_back(text.substr(begin, at - begin));
  }
  return words;
}

/// Field names and values, separated by blanks; `-` is null. A test that gives a value of the wrong
/// type or too few values gets nulls.
inline RecordFixture record_of(std::string_view names, std::string_view line) {
  RecordFixture fixture{.text = std::make_unique<std::string>(line), .decoded = {}, .batch = {}};
  Batch& batch = fixture.batch;
  batch.format = std::make_shared<const Format>(Format::from_names(words_of(names)).value());
  batch.rows = 1;
  std::vector<std::string_view> values = words_of(*fixture.text);
  values.resize(batch.format->size(), "-");
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string_view value = values[i];
    Column& column = batch.columns.emplace_back();
    column.decoded = true;
    bool valid = value != "-";
    switch (batch.format->fields()[i].type) {
      case FieldType::number:
      case FieldType::time: {
        std::uint64_t number = 0;
        const char* const end = value.data() + value.size();
        valid = valid && std::from_chars(value.data(), end, number).ptr == end;
        column.numbers.push_back(valid ? number : 0);
        break;
      }
      case FieldType::address: {
        const auto address = parse_ip(value);
        valid = valid && address.has_value();
        column.addresses.push_back(address.value_or(Ip{}));
        break;
      }
      case FieldType::text:
        column.texts.push_back(valid ? fixture.decoded.emplace_back(percent_decode(value))
                                     : std::string_view{});
        break;
    }
    if (!valid) column.nulls.set(0);
  }
  return fixture;
}

/// A record and its whole explanation.
struct SentenceExample {
  const char* why;
  const char* line;
  const char* sentences;
};

inline void expect_sentences(std::string_view format, std::span<const SentenceExample> examples) {
  for (const SentenceExample& example : examples) {
    const RecordFixture record = record_of(format, example.line);
    EXPECT_EQ(explain_record(record.batch, 0, {}), example.sentences) << example.why;
  }
}

}  // namespace weir::explain
