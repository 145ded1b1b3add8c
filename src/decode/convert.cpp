// SPDX-License-Identifier: Apache-2.0
// decode: tokens of one field -> one column.
#include "decode/convert.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "weir/ip.hpp"
#include "weir/names.hpp"

namespace weir::decode {
namespace {

constexpr std::size_t kValues = kBatchRows + kernel::kArraySlack;

constexpr std::uint64_t kLargestMilliseconds = kLargestSeconds * 1000 + 999;

bool is_missing(std::string_view token) noexcept { return token.size() == 1 && token[0] == '-'; }

/// Reads digits alone, up to `max`.
bool read_number(std::string_view token, std::uint64_t max, std::uint64_t& value) noexcept {
  value = 0;
  for (const char c : token) {
    const auto digit = static_cast<std::uint64_t>(static_cast<unsigned char>(c) - '0');
    if (digit > 9 || digit > max || value > (max - digit) / 10) return false;
    value = value * 10 + digit;
  }
  return !token.empty();
}

template <class Value>
Value* room_for_values(std::vector<Value>& values) {
  if (values.size() < kValues) values.resize(kValues);
  return values.data();
}

}  // namespace

struct Converter::Job {
  const kernel::TokenColumn& tokens;
  const std::uint16_t* rows;
  Column& column;
  std::uint16_t position;

  std::string_view token(std::size_t i) const {
    const std::uint32_t begin = tokens.begin(i);
    return {tokens.text + begin, tokens.end(i) - begin};
  }
  std::uint16_t row(std::size_t i) const {
    return rows == nullptr ? static_cast<std::uint16_t>(i) : rows[i];
  }
  RowFault fault(std::size_t i, RejectReason reason) const {
    return {.row = row(i), .field = position, .reason = reason};
  }
  template <class Value>
  void scatter(const Value* from, Value* to) const {
    for (std::size_t i = 0; i < tokens.rows; ++i) to[rows[i]] = from[i];
  }
};

void Converter::convert(const FormatField& field, std::size_t position, bool percent_encoded,
                        const kernel::TokenColumn& tokens, const std::uint16_t* rows,
                        Column& column) {
  exceptions_.resize(kValues);
  column.nulls.clear();
  column.decoded = true;
  const Job job{tokens, rows, column, static_cast<std::uint16_t>(position)};
  switch (field.type) {
    case FieldType::number:
      return convert_numbers(job, field_info(field.id).max);
    case FieldType::time:
      return convert_times(job);
    case FieldType::address:
      return convert_addresses(job);
    case FieldType::text:
      return convert_texts(job, percent_encoded);
  }
}

/// Takes every row's number; returns the largest, negative ones being larger than any other. What
/// stands under a null counts too.
template <class Integer>
std::uint64_t Converter::take_all(const WholeNumbers<Integer>& numbers, Column& column) {
  std::uint64_t* const values = column.numbers.data();
  std::uint64_t largest = 0;
  for (std::size_t i = 0; i < numbers.count; ++i) {
    values[i] = static_cast<std::uint64_t>(numbers.values[i]);
    largest = std::max(largest, values[i]);
  }
  if (numbers.valid == nullptr) return largest;
  for (std::size_t first = 0; first < numbers.count; first += 64) {
    const std::size_t rows = std::min<std::size_t>(numbers.count - first, 64);
    const std::uint64_t all = ~std::uint64_t{0} >> (64 - rows);
    std::uint64_t nulls = ~numbers.valid[first / 64] & all;
    column.nulls.set_word(first / 64, nulls);
    for (; nulls != 0; nulls &= nulls - 1) {
      values[first + static_cast<std::size_t>(std::countr_zero(nulls))] = 0;
    }
  }
  return largest;
}

template <class Integer>
std::uint64_t Converter::take_some(const WholeNumbers<Integer>& numbers, Column& column) {
  std::uint64_t largest = 0;
  for (std::size_t i = 0; i < numbers.count; ++i) {
    const std::size_t at = numbers.places == nullptr ? i : numbers.places[i];
    const std::size_t row = numbers.rows == nullptr ? i : numbers.rows[i];
    const bool is_null = numbers.valid != nullptr && (numbers.valid[at / 64] >> (at % 64) & 1) == 0;
    if (is_null) column.nulls.set(row);
    column.numbers[row] = is_null ? 0 : static_cast<std::uint64_t>(numbers.values[at]);
    largest = std::max(largest, column.numbers[row]);
  }
  return largest;
}

template <class Integer>
void Converter::convert(const FormatField& field, std::size_t position,
                        const WholeNumbers<Integer>& numbers, Column& column) {
  room_for_values(column.numbers);
  column.nulls.clear();
  column.decoded = true;
  const bool is_time = field.type == FieldType::time;
  std::uint64_t max = is_time ? kLargestMilliseconds : field_info(field.id).max;
  if constexpr (std::numeric_limits<Integer>::is_signed) {
    max = std::min<std::uint64_t>(max, std::numeric_limits<std::int64_t>::max());
  }
  const bool all = numbers.places == nullptr && numbers.rows == nullptr;
  const std::uint64_t largest = all ? take_all(numbers, column) : take_some(numbers, column);
  if (largest <= (is_time ? kLargestSeconds : max)) [[likely]]
    return;
  for (std::size_t i = 0; i < numbers.count; ++i) {
    const std::uint16_t row =
        numbers.rows == nullptr ? static_cast<std::uint16_t>(i) : numbers.rows[i];
    std::uint64_t& value = column.numbers[row];
    if (value > max) {
      value = 0;
      faults_.push_back({.row = row,
                         .field = static_cast<std::uint16_t>(position),
                         .reason = is_time ? RejectReason::time : RejectReason::number});
    } else if (is_time && value > kLargestSeconds) {
      value /= 1000;
      ++millisecond_times_;
    }
  }
}

template void Converter::convert(const FormatField&, std::size_t, const WholeNumbers<std::int32_t>&,
                                 Column&);
template void Converter::convert(const FormatField&, std::size_t, const WholeNumbers<std::int64_t>&,
                                 Column&);
template void Converter::convert(const FormatField&, std::size_t,
                                 const WholeNumbers<std::uint64_t>&, Column&);

void Converter::convert_numbers(const Job& job, std::uint64_t max) {
  std::uint64_t* const column = room_for_values(job.column.numbers);
  std::uint64_t* const values = job.rows == nullptr ? column : room_for_values(numbers_);
  const std::size_t count = kernel_.numbers(job.tokens, max, values, exceptions_.data());
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = exceptions_[i];
    const std::string_view token = job.token(at);
    if (read_number(token, max, values[at])) continue;
    values[at] = 0;
    if (is_missing(token)) {
      job.column.nulls.set(job.row(at));
    } else {
      faults_.push_back(job.fault(at, RejectReason::number));
    }
  }
  if (job.rows != nullptr) job.scatter(values, column);
}

void Converter::convert_times(const Job& job) {
  const std::size_t known_faults = faults_.size();
  convert_numbers(job, kLargestMilliseconds);
  for (std::size_t i = known_faults; i < faults_.size(); ++i)
    faults_[i].reason = RejectReason::time;
  std::uint64_t* const values = job.column.numbers.data();
  for (std::size_t i = 0; i < job.tokens.rows; ++i) {
    std::uint64_t& value = values[job.row(i)];
    if (value <= kLargestSeconds) [[likely]]
      continue;
    value /= 1000;
    ++millisecond_times_;
  }
}

void Converter::convert_addresses(const Job& job) {
  Ip* const column = room_for_values(job.column.addresses);
  Ip* const values = job.rows == nullptr ? column : room_for_values(addresses_);
  const std::size_t count = kernel_.addresses(job.tokens, values, exceptions_.data());
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = exceptions_[i];
    const std::string_view token = job.token(at);
    values[at] = {};
    if (is_missing(token)) {
      job.column.nulls.set(job.row(at));
    } else if (const auto address = parse_ip(token)) {
      values[at] = *address;
    } else {
      faults_.push_back(job.fault(at, RejectReason::address));
    }
  }
  if (job.rows != nullptr) job.scatter(values, column);
}

void Converter::convert_texts(const Job& job, bool percent_encoded) {
  const kernel::TokenColumn tokens = job.tokens;
  const std::uint16_t* const rows = job.rows;
  std::string_view* const texts = room_for_values(job.column.texts);
  for (std::size_t i = 0; i < tokens.rows; ++i) {
    const std::uint32_t begin = tokens.begin(i);
    const std::uint32_t length = tokens.end(i) - begin;
    const std::size_t row = rows == nullptr ? i : rows[i];
    texts[row] = {tokens.text + begin, length};
    if (length == 1 && tokens.text[begin] == '-') [[unlikely]] {
      texts[row] = {};
      job.column.nulls.set(row);
    }
  }
  if (percent_encoded) decode_texts(job, texts);
}

void Converter::decode_texts(const Job& job, std::string_view* texts) {
  for (std::size_t i = 0; i < job.tokens.rows; ++i) {
    std::string_view& text = texts[job.row(i)];
    if (text.find('%') == std::string_view::npos) continue;
    text = decoded_texts_.emplace_back(percent_decode(text));
  }
}

}  // namespace weir::decode
