// SPDX-License-Identifier: Apache-2.0
// render: random batches for tests, with everything that a value can be.
#pragma once

#include <deque>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "weir/batch.hpp"

namespace weir::render {

class RandomRecords {
 public:
  explicit RandomRecords(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t count) { return random_() % count; }

  /// Columns of random values with random nulls; one in sixteen is not decoded.
  Batch batch(const FormatPtr& format, std::size_t rows) {
    Batch batch;
    batch.format = format;
    batch.rows = rows;
    for (const FormatField& field : format->fields()) {
      Column& column = batch.columns.emplace_back();
      column.decoded = below(16) > 0;
      const std::size_t null_share = below(3) * 4;
      for (std::size_t row = 0; column.decoded && row < rows; ++row) {
        add_value(column, field.type);
        if (below(16) < null_share) column.nulls.set(row);
      }
    }
    return batch;
  }

  /// Every row, none, or some.
  Selection selection(std::size_t rows) {
    Selection selection;
    selection.select_all(rows);
    const std::size_t kind = below(4);
    if (kind == 0) selection.count = 0;
    if (kind > 1) return selection;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < selection.count; ++i) {
      if (below(8) == 0) selection.rows[kept++] = selection.rows[i];
    }
    selection.count = kept;
    return selection;
  }

 private:
  void add_value(Column& column, FieldType type) {
    if (type == FieldType::address) {
      column.addresses.push_back(address());
    } else if (type == FieldType::text) {
      column.texts.push_back(text());
    } else {
      column.numbers.push_back(below(3) == 0 ? 1'764'547'200 + below(600)
                                             : random_() >> below(65) % 64);
    }
  }

  Ip address() {
    if (below(4) > 0) return Ip::from_ipv4(static_cast<std::uint32_t>(random_()));
    Ip address{.high = random_(), .low = random_()};
    for (unsigned group = 0; group < 64; group += 16) {
      if (below(2) == 0) address.high &= ~(std::uint64_t{0xffff} << group);
      if (below(2) == 0) address.low &= ~(std::uint64_t{0xfff} << group);
    }
    return address;
  }

  std::string_view text() {
    constexpr std::string_view usual[] = {"ACCEPT", "OK", "eni-0a1b2c3d4e5f67890", "", "-", "a,b"};
    if (below(3) > 0) return usual[below(std::size(usual))];
    std::string text(below(8) == 0 ? below(700) : below(40), '\0');
    const std::size_t kind = below(3);
    for (char& byte : text) {
      byte = static_cast<char>(kind == 0 ? random_() : 'a' + random_() % 26);
      if (kind == 1 && below(10) == 0) byte = " \"\\\t\n,%"[below(7)];
    }
    return texts_.emplace_back(std::move(text));
  }

  std::mt19937_64 random_;
  std::deque<std::string> texts_;
};

}  // namespace weir::render
