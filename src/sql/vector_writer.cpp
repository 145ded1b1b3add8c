// SPDX-License-Identifier: Apache-2.0
// sql: the rows of a batch -> DuckDB's vectors.
#include "sql/vector_writer.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "base/ip_text.hpp"
#include "base/protocol.hpp"
#include "base/utf8.hpp"
#include "weir/names.hpp"

namespace weir::sql {
namespace {

constexpr std::uint64_t kMicroseconds = 1'000'000;

bool is_ascii(std::string_view text) {
  std::uint64_t all = 0;
  std::size_t at = 0;
  for (; at + sizeof all <= text.size(); at += sizeof all) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    all |= word;
  }
  for (; at < text.size(); ++at) all |= static_cast<unsigned char>(text[at]);
  return (all & 0x8080'8080'8080'8080) == 0;
}

/// DuckDB takes texts to be UTF-8 and does not look. Broken bytes become U+FFFD.
/// Returns whether there were any.
bool append_valid(std::string_view text, std::string& out) {
  constexpr std::string_view kReplacement = "\xef\xbf\xbd";
  bool is_broken = false;
  while (!text.empty()) {
    const base::CodePoint point = base::decode_utf8(text);
    is_broken = is_broken || !point.valid;
    out += point.valid ? text.substr(0, point.length) : kReplacement;
    text.remove_prefix(point.length);
  }
  return is_broken;
}

}  // namespace

void VectorWriter::write(ColumnKind kind, const Column* column, const Selection& selection,
                         duckdb::Vector vector) {
  if (column == nullptr) return write_all_null(selection.count, vector);
  constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
  if (column->nulls.any()) write_nulls(*column, selection, vector);
  switch (kind) {
    case ColumnKind::number32:
      return write_numbers<std::int32_t>(*column, selection,
                                         std::numeric_limits<std::int32_t>::max(), 1, 1, vector);
    case ColumnKind::number64:
    case ColumnKind::line_number:
    case ColumnKind::object_place:
    case ColumnKind::record_place:
      return write_numbers<std::int64_t>(*column, selection, kLargest, 1, 1, vector);
    case ColumnKind::instant:
      return write_numbers<std::int64_t>(*column, selection, kLargest / kMicroseconds, 1,
                                         kMicroseconds, vector);
    case ColumnKind::date:
      return write_numbers<std::int32_t>(*column, selection, kLargest / kMicroseconds,
                                         base::kSecondsOfDay, 1, vector);
    case ColumnKind::address:
      return write_addresses(*column, selection, vector);
    case ColumnKind::text:
    case ColumnKind::source_file:
      return write_texts(*column, selection, vector);
    case ColumnKind::logged_tag:
      return write_tags(*column, selection, vector);
  }
}

void VectorWriter::write_all_null(std::size_t rows, duckdb::Vector vector) const {
  api_.vector_ensure_validity_writable(vector);
  std::uint64_t* const valid = api_.vector_get_validity(vector);
  std::fill_n(valid, (rows + 63) / 64, 0);
}

void VectorWriter::set_null(std::size_t row, duckdb::Vector vector) {
  api_.vector_ensure_validity_writable(vector);
  api_.vector_get_validity(vector)[row / 64] &= ~(std::uint64_t{1} << (row % 64));
}

void VectorWriter::write_nulls(const Column& column, const Selection& selection,
                               duckdb::Vector vector) {
  api_.vector_ensure_validity_writable(vector);
  std::uint64_t* const valid = api_.vector_get_validity(vector);
  for (std::size_t i = 0; i < selection.count; ++i) {
    if (column.nulls.test(selection.rows[i])) valid[i / 64] &= ~(std::uint64_t{1} << (i % 64));
  }
}

template <class Number>
void VectorWriter::write_numbers(const Column& column, const Selection& selection,
                                 std::uint64_t largest, std::uint64_t divisor, std::uint64_t factor,
                                 duckdb::Vector vector) {
  auto* const out = static_cast<Number*>(api_.vector_get_data(vector));
  const std::uint64_t* const numbers = column.numbers.data();
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < selection.count; ++i) {
    const std::uint64_t number = numbers[selection.rows[i]];
    seen = std::max(seen, number);
    out[i] = static_cast<Number>(number / divisor * factor);
  }
  if (seen <= largest) return;
  // SQL's integers are signed, as AWS's are. A log that claims more holds no number that either
  // could have written.
  for (std::size_t i = 0; i < selection.count; ++i) {
    if (numbers[selection.rows[i]] <= largest) continue;
    set_null(i, vector);
    ++unfit_;
  }
}

/// Short texts go into the vector themselves, the bytes of long ones into its heap.
void VectorWriter::put(std::string_view text, std::size_t row, duckdb::String* out,
                       duckdb::Vector vector) {
  if (text.size() > duckdb::String::kMostInline) {
    return api_.vector_assign_string_element_len(vector, row, text.data(), text.size());
  }
  duckdb::String::Inline& string = out[row].inlined;
  string = {.length = static_cast<std::uint32_t>(text.size()), .text = {}};
  if (!text.empty()) std::memcpy(string.text, text.data(), text.size());
}

/// Neighbours often are the same: a text is written once for all of them.
void VectorWriter::write_texts(const Column& column, const Selection& selection,
                               duckdb::Vector vector) {
  auto* const out = static_cast<duckdb::String*>(api_.vector_get_data(vector));
  std::string_view last;
  bool was_broken = false;
  for (std::size_t i = 0; i < selection.count; ++i) {
    const std::string_view text = column.texts[selection.rows[i]];
    if (i > 0 && text == last) {
      out[i] = out[i - 1];
      mended_ += was_broken ? 1 : 0;
      continue;
    }
    last = text;
    was_broken = false;
    if (is_ascii(text)) {
      put(text, i, out, vector);
    } else {
      valid_text_.clear();
      was_broken = append_valid(text, valid_text_);
      mended_ += was_broken ? 1 : 0;
      put(valid_text_, i, out, vector);
    }
  }
}

void VectorWriter::write_tags(const Column& column, const Selection& selection,
                              duckdb::Vector vector) {
  auto* const out = static_cast<duckdb::String*>(api_.vector_get_data(vector));
  std::string_view last;
  for (std::size_t i = 0; i < selection.count; ++i) {
    const std::string_view text = column.texts[selection.rows[i]];
    if (i > 0 && text == last) {
      out[i] = out[i - 1];
      continue;
    }
    last = text;
    put(percent_encode_tag(text), i, out, vector);
  }
}

void VectorWriter::write_addresses(const Column& column, const Selection& selection,
                                   duckdb::Vector vector) {
  auto* const out = static_cast<duckdb::String*>(api_.vector_get_data(vector));
  std::array<char, kMaxIpText + 1> text;
  const Ip* last = nullptr;
  for (std::size_t i = 0; i < selection.count; ++i) {
    const Ip& address = column.addresses[selection.rows[i]];
    if (last != nullptr && *last == address) {
      out[i] = out[i - 1];
      continue;
    }
    last = &address;
    const char* const end = base::write_address(address, text.data());
    put({text.data(), static_cast<std::size_t>(end - text.data())}, i, out, vector);
  }
}

void VectorWriter::write_text(std::string_view text, std::size_t rows, duckdb::Vector vector) {
  valid_text_.clear();
  append_valid(text, valid_text_);
  auto* const out = static_cast<duckdb::String*>(api_.vector_get_data(vector));
  put(valid_text_, 0, out, vector);
  std::fill_n(out + 1, rows - 1, out[0]);
}

}  // namespace weir::sql
