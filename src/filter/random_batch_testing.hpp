// SPDX-License-Identifier: Apache-2.0
// filter: batches of random values that hold what a test may read and no more, for tests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <random>
#include <string_view>
#include <vector>

#include "weir/batch.hpp"

namespace weir::filter {

// Columns of the batch.
inline constexpr std::size_t kNumber = 0;
inline constexpr std::size_t kOtherNumber = 1;
inline constexpr std::size_t kAddress = 2;
inline constexpr std::size_t kOtherAddress = 3;
inline constexpr std::size_t kText = 4;
inline constexpr std::size_t kOtherText = 5;
inline constexpr std::size_t kNotDecoded = 6;

/// Columns are exactly as long as the batch, and texts lie in allocations of their own length.
class RandomBatch {
 public:
  /// Rows outside `selection` hold texts that must not be read.
  RandomBatch(std::size_t rows, std::mt19937_64& random) : random_(random) {
    batch.rows = rows;
    batch.columns = std::vector<Column>(kNotDecoded + 1);
    const std::uint64_t part = 1 + random() % 100;  // of rows that are selected, in percent
    selection.count = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      const bool selected = part > 50 || random() % 100 < part;
      if (selected) selection.rows[selection.count++] = static_cast<std::uint16_t>(row);
      selected_.push_back(selected);
    }
    for (std::size_t i = 0; i < kNotDecoded; ++i) fill(i);
  }
  RandomBatch(const RandomBatch&) = delete;
  RandomBatch& operator=(const RandomBatch&) = delete;

  Batch batch;
  Selection selection;

 private:
  void fill(std::size_t index) {
    Column& column = batch.columns[index];
    column.decoded = true;
    const std::uint64_t nulls = random_() % 3;  // none, some, nearly all
    if (index < kAddress) column.numbers = std::vector<std::uint64_t>(batch.rows);
    if (index == kAddress || index == kOtherAddress) {
      column.addresses = std::vector<Ip>(batch.rows);
    }
    if (index >= kText) column.texts = std::vector<std::string_view>(batch.rows);
    for (std::size_t row = 0; row < batch.rows; ++row) {
      const bool null = nulls != 0 && random_() % 8 < (nulls == 1 ? 1 : 7);
      if (null) column.nulls.set(row);
      if (index < kAddress) column.numbers[row] = null ? 0 : number();
      if (index == kAddress || index == kOtherAddress) {
        column.addresses[row] = null ? Ip{} : address();
      }
      if (index >= kText && !null) column.texts[row] = text(selected_[row]);
    }
  }

  std::uint64_t number() {
    switch (random_() % 4) {
      case 0:
        return random_();
      case 1:
        return 65'530 + random_() % 10;
      default:
        return random_() % 32;
    }
  }
  Ip address() {
    switch (random_() % 8) {
      case 0:
        return {.high = random_() % 2, .low = Ip::kIpv4Prefix | (0x0a00'0000 + random_() % 64)};
      case 1:
        return {.high = 0x2001'0db8'0000'0000, .low = random_() % 32};
      case 2:
        return {.high = 0, .low = random_()};
      default:
        return Ip::from_ipv4(static_cast<std::uint32_t>(0x0a00'0000 + random_() % 64 * 16));
    }
  }
  std::string_view text(bool readable) {
    static constexpr std::string_view kTexts[] = {"ACCEPT",
                                                  "REJECT",
                                                  "reject",
                                                  "OK",
                                                  "no",
                                                  "x",
                                                  "eni-0123456789abcdef0",
                                                  "nodata",
                                                  "NODATA",
                                                  "SKIPDATA",
                                                  "eni-0123",
                                                  "",
                                                  "eni-0123456789abcdef1"};
    const std::string_view text = kTexts[random_() % std::size(kTexts)];
    if (!readable) return {unreadable_.get(), text.size()};
    auto& bytes = texts_.emplace_back(new char[text.size()]);
    std::copy(text.begin(), text.end(), bytes.get());
    return {bytes.get(), text.size()};
  }

  std::mt19937_64& random_;
  std::vector<bool> selected_;
  std::unique_ptr<char[]> unreadable_{new char[0]};
  std::vector<std::unique_ptr<char[]>> texts_;
};

}  // namespace weir::filter
