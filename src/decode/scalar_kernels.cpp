// SPDX-License-Identifier: Apache-2.0
// decode: the portable kernels, and the oracle of every faster one.
#include "decode/kernels.hpp"
#include "weir/ip.hpp"
#include "weir/names.hpp"

namespace weir::kernel {
namespace {

bool is_missing(std::string_view token) noexcept { return token.size() == 1 && token[0] == '-'; }

/// Reads digits alone, up to `max`.
bool read_number(std::string_view token, std::uint64_t max, std::uint64_t& value) noexcept {
  value = 0;
  for (const char c : token) {
    const auto digit = static_cast<std::uint64_t>(static_cast<unsigned char>(c) - '0');
    if (digit > 9 || value > (max - digit) / 10) return false;
    value = value * 10 + digit;
  }
  return !token.empty();
}

RowFault fault(std::size_t row, std::size_t field, RejectReason reason) {
  return {.row = static_cast<std::uint16_t>(row),
          .field = static_cast<std::uint16_t>(field),
          .reason = reason};
}

}  // namespace

void convert_numbers(const TokenTable& tokens, std::size_t field, std::uint64_t max, Column& column,
                     std::vector<RowFault>& faults) {
  column.numbers.resize(tokens.rows());
  for (std::size_t row = 0; row < tokens.rows(); ++row) {
    const std::string_view token = tokens.token(row, field);
    std::uint64_t& value = column.numbers[row];
    if (read_number(token, max, value)) continue;
    value = 0;
    if (is_missing(token)) {
      column.nulls.set(row);
    } else {
      faults.push_back(fault(row, field, RejectReason::number));
    }
  }
}

void convert_times(const TokenTable& tokens, std::size_t field, Column& column,
                   std::vector<RowFault>& faults, std::uint64_t& milliseconds) {
  // Twelve digits as seconds would be the year 5138; thirteen were seen, as milliseconds (observed:
  // flowlogs-reader).
  constexpr std::uint64_t kLargestSeconds = 99'999'999'999;
  constexpr std::uint64_t kLargestMilliseconds = kLargestSeconds * 1000 + 999;
  column.numbers.resize(tokens.rows());
  for (std::size_t row = 0; row < tokens.rows(); ++row) {
    const std::string_view token = tokens.token(row, field);
    std::uint64_t& value = column.numbers[row];
    if (read_number(token, kLargestMilliseconds, value)) {
      if (value > kLargestSeconds) {
        value /= 1000;
        ++milliseconds;
      }
      continue;
    }
    value = 0;
    if (is_missing(token)) {
      column.nulls.set(row);
    } else {
      faults.push_back(fault(row, field, RejectReason::time));
    }
  }
}

void convert_addresses(const TokenTable& tokens, std::size_t field, Column& column,
                       std::vector<RowFault>& faults) {
  column.addresses.resize(tokens.rows());
  for (std::size_t row = 0; row < tokens.rows(); ++row) {
    const std::string_view token = tokens.token(row, field);
    column.addresses[row] = {};
    if (const auto address = parse_ip(token)) {
      column.addresses[row] = *address;
    } else if (is_missing(token)) {
      column.nulls.set(row);
    } else {
      faults.push_back(fault(row, field, RejectReason::address));
    }
  }
}

void convert_texts(const TokenTable& tokens, std::size_t field, bool percent_encoded,
                   Column& column, std::deque<std::string>& decoded) {
  column.texts.resize(tokens.rows());
  for (std::size_t row = 0; row < tokens.rows(); ++row) {
    const std::string_view token = tokens.token(row, field);
    if (is_missing(token)) {
      column.texts[row] = {};
      column.nulls.set(row);
    } else if (percent_encoded && token.find('%') != std::string_view::npos) {
      column.texts[row] = decoded.emplace_back(percent_decode(token));
    } else {
      column.texts[row] = token;
    }
  }
}

}  // namespace weir::kernel
