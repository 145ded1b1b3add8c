// SPDX-License-Identifier: Apache-2.0
// batch: up to 2,048 records of one format as columns. What every stage after decode works on.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "weir/field.hpp"
#include "weir/format.hpp"
#include "weir/ip.hpp"

namespace weir {

/// Most rows of a batch: one DuckDB vector, and small enough for all columns to stay in L2.
inline constexpr std::size_t kBatchRows = 2048;

/// One bit per row: set where the log has `-`.
class NullMask {
 public:
  bool test(std::size_t row) const noexcept { return (words_[row / 64] >> (row % 64) & 1) != 0; }
  void set(std::size_t row) noexcept { words_[row / 64] |= std::uint64_t{1} << (row % 64); }
  void clear() noexcept { words_.fill(0); }
  /// Sets the bits of rows 64 * index up to 64 * index + 63; those behind the batch must be 0.
  void set_word(std::size_t index, std::uint64_t bits) noexcept { words_[index] = bits; }
  /// The bits of rows 64 * index up to 64 * index + 63.
  std::uint64_t word(std::size_t index) const noexcept { return words_[index]; }
  bool any() const noexcept {
    std::uint64_t all = 0;
    for (const std::uint64_t word : words_) all |= word;
    return all != 0;
  }

 private:
  std::array<std::uint64_t, kBatchRows / 64> words_{};
};

/// The values of one field. Only the vector that belongs to the field's type is filled, and it may
/// be longer than the batch has rows; the value under a null is zero or empty.
struct Column {
  std::vector<std::uint64_t> numbers;   ///< FieldType::number and FieldType::time
  std::vector<Ip> addresses;            ///< FieldType::address
  std::vector<std::string_view> texts;  ///< FieldType::text; never allocated a row
  NullMask nulls;
  bool decoded = false;  ///< false: nobody asked for this column, and the rest is meaningless
};

/// Up to kBatchRows records of one format.
///
/// Shape:   columns is parallel to format->fields(); decoded columns have at least `rows` values.
/// Lifetime: texts point into the decoder's buffers and `arena`; they are valid until the decoder
///          is asked for its next batch.
struct Batch {
  FormatPtr format;
  std::size_t rows = 0;
  std::vector<Column> columns;

  /// The column of a field, or null if the format lacks it or nobody asked for it.
  const Column* find(FieldId id) const noexcept {
    const int index = format->index_of(id);
    return index < 0 || !columns[static_cast<std::size_t>(index)].decoded
               ? nullptr
               : &columns[static_cast<std::size_t>(index)];
  }
};

/// Rows of a batch that passed a filter, ascending.
struct Selection {
  std::array<std::uint16_t, kBatchRows> rows;
  std::size_t count = 0;

  void select_all(std::size_t batch_rows) noexcept {
    for (std::size_t row = 0; row < batch_rows; ++row) rows[row] = static_cast<std::uint16_t>(row);
    count = batch_rows;
  }
};

/// The fields that a question needs; the decoder leaves the others alone.
class FieldSet {
 public:
  static FieldSet all() {
    FieldSet set;
    set.everything_ = true;
    return set;
  }
  void add(FieldId id) { known_[static_cast<std::size_t>(id)] = true; }
  /// Adds a field by its name with hyphens; names outside the catalogue are kept as they are.
  void add(std::string_view name);
  void add(const FieldSet& other);
  bool contains(const FormatField& field) const;

 private:
  bool everything_ = false;
  std::array<bool, kFieldCount> known_{};
  std::vector<std::string> others_;
};

}  // namespace weir
