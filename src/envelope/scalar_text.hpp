// SPDX-License-Identifier: Apache-2.0
// envelope: a scalar of JSON -> its text in a flow log.
#pragma once

#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <cmath>
#include <string_view>

namespace weir::envelope {

/// A scalar as it is written in a flow log; null is empty.
class ScalarText {
 public:
  std::string_view of(const simdjson::dom::element& value) {
    switch (value.type()) {
      case simdjson::dom::element_type::STRING:
        return std::string_view{value};
      case simdjson::dom::element_type::INT64:
        return write(std::int64_t{value});
      case simdjson::dom::element_type::UINT64:
        return write(std::uint64_t{value});
      case simdjson::dom::element_type::DOUBLE:
        return of_double(double{value});
      case simdjson::dom::element_type::BOOL:
        return bool{value} ? "true" : "false";
      default:
        return {};
    }
  }

 private:
  /// 25238.0 is 25238: pandas writes whole numbers so when a column has nulls (observed:
  /// sekoia-intake-formats, network_traffic).
  std::string_view of_double(double value) {
    constexpr double kLargestExact = 9007199254740992.0;  // 2^53
    if (std::abs(value) <= kLargestExact && std::trunc(value) == value) {
      return write(static_cast<std::int64_t>(value));
    }
    return write(value);
  }

  template <class Number>
  std::string_view write(Number value) {
    const auto end = fmt::format_to_n(buffer_.data(), buffer_.size(), "{}", value).out;
    return {buffer_.data(), static_cast<std::size_t>(end - buffer_.data())};
  }

  std::array<char, 32> buffer_;
};

}  // namespace weir::envelope
