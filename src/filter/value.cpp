// SPDX-License-Identifier: Apache-2.0
// filter: one word, for one field -> the value or range of values that it means.
#include "filter/value.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/excerpt.hpp"
#include "base/prefix.hpp"
#include "field/ascii.hpp"
#include "weir/names.hpp"
#include "weir/time.hpp"

namespace weir::filter {
namespace {

/// What a word looked like, when it is a number at all.
struct ReadNumber {
  std::uint64_t value = 0;
  bool too_large = false;
};

/// Factor of `K`, `Mi` and so on in any case, 0 for anything else.
std::uint64_t unit_factor(std::string_view unit) {
  constexpr std::string_view kUnits = "kmgt";
  if (unit.empty()) return 1;
  const std::size_t power = kUnits.find(field::to_lower_ascii(unit.front()));
  const bool binary = field::equal_ignoring_case(unit.substr(1), "i");
  if (power == std::string_view::npos || (unit.size() > 1 && !binary)) return 0;
  std::uint64_t factor = 1;
  for (std::size_t i = 0; i <= power; ++i) factor *= binary ? 1024 : 1000;
  return factor;
}

std::optional<ReadNumber> read_digits(std::string_view word) {
  std::uint64_t value = 0;
  const char* const end = word.data() + word.size();
  const auto [rest, failure] = std::from_chars(word.data(), end, value);
  if (failure == std::errc::invalid_argument) return std::nullopt;
  const std::uint64_t factor = unit_factor({rest, static_cast<std::size_t>(end - rest)});
  if (factor == 0) return std::nullopt;
  if (failure == std::errc::result_out_of_range || value > kLargestNumber / factor) {
    return ReadNumber{.value = kLargestNumber, .too_large = true};
  }
  return ReadNumber{.value = value * factor};
}

std::optional<ReadNumber> read_instant(std::string_view word) {
  if (const auto instant = parse_iso8601(word); instant && *instant >= 0) {
    return ReadNumber{.value = static_cast<std::uint64_t>(*instant)};
  }
  const auto number = read_digits(word);
  if (!number || number->value <= kLargestSeconds) return number;
  const std::uint64_t seconds = number->value / 1000;
  return ReadNumber{.value = seconds, .too_large = seconds > kLargestSeconds};
}

std::optional<ReadNumber> read_name(ValueNames names, std::string_view word) {
  const auto found = [](auto value) -> std::optional<ReadNumber> {
    if (!value) return std::nullopt;
    return ReadNumber{.value = *value};
  };
  switch (names) {
    case ValueNames::protocol:
      return found(find_protocol(word));
    case ValueNames::port:
      return found(find_service(word));
    case ValueNames::tcp_flags:
      return found(find_tcp_flags(word));
    default:
      return std::nullopt;
  }
}

std::optional<ReadNumber> read_number(const FieldRef& field, std::string_view word) {
  if (field.type == FieldType::time) return read_instant(word);
  const auto number = read_digits(word);
  return number ? number : read_name(value_names(field), word);
}

/// Says in words what a field holds, with an example.
std::string describe(const FieldRef& field) {
  switch (value_names(field)) {
    case ValueNames::protocol:
      return "a number from 0 to 255 or a protocol name such as tcp";
    case ValueNames::port:
      return "a number from 0 to 65535 or a service name such as ssh";
    case ValueNames::tcp_flags:
      return "a number from 0 to 255 or flags such as syn or syn+fin";
    default:
      break;
  }
  switch (field.type) {
    case FieldType::address:
      return "an address such as 10.0.0.1 or a prefix such as 10.0.0.0/8";
    case FieldType::time:
      return "a time such as 2026-11-22T10:00:00Z, or Unix seconds";
    case FieldType::number:
      return fmt::format("a whole number from 0 to {} such as {}", largest_number(field),
                         field_info(field.id).example);
    case FieldType::text:
      break;
  }
  return fmt::format("{}", fmt::join(closed_words(field), " or "));
}

std::string hint_for(const FieldRef& field, std::string_view word) {
  const bool age = word.size() > 1 && word.find_first_not_of("0123456789smhdw") == word.npos;
  if (field.type == FieldType::time && age) return "ages such as 2h are for --since and --until";
  const bool host_name = word.find_first_of("/:") == word.npos && word.find('.') != word.npos &&
                         word.find_first_not_of("0123456789.-") != word.npos;
  if (field.type == FieldType::address && host_name) return "host names are not looked up";
  if (field::equal_ignoring_case(word, "null") || word == "-") {
    return "`is null` asks for a missing value";
  }
  return {};
}

Unexpected wrong_kind(const ValuePlace& place, std::string_view word) {
  return Unexpected({.code = ErrorCode::usage,
                     .message = fmt::format("{} {}, not '{}'", place.subject, describe(place.field),
                                            base::shown_word(word)),
                     .hint = hint_for(place.field, word)});
}

Unexpected wrong_value(std::string message, std::string hint) {
  return Unexpected(
      {.code = ErrorCode::usage, .message = std::move(message), .hint = std::move(hint)});
}

Unexpected backwards(std::string_view word) {
  return wrong_value(fmt::format("the range '{}' runs backwards", base::shown_word(word)),
                     "write the lower end first");
}

/// The two ends of `A-B` or `A..B`; empty if the word is no range.
std::pair<std::string_view, std::string_view> ends_of(std::string_view word) {
  const std::size_t dots = word.find("..");
  if (dots != word.npos) return {word.substr(0, dots), word.substr(dots + 2)};
  const std::size_t dash = word.find('-');
  if (dash == word.npos) return {};
  return {word.substr(0, dash), word.substr(dash + 1)};
}

/// Why a word with a slash is no prefix.
Unexpected bad_prefix(const ValuePlace& place, std::string_view word) {
  const auto address = parse_ip(word.substr(0, word.find('/')));
  if (!address) return wrong_kind(place, word);
  return wrong_value(fmt::format("'{}' is not a prefix: its length is a number from 0 to {}",
                                 base::shown_word(word), address->is_ipv4() ? 32 : 128),
                     "10.0.0.0/8, 2001:db8::/32");
}

}  // namespace

Result<base::ValueRange<std::uint64_t>> read_numbers(const ValuePlace& place,
                                                     std::string_view word) {
  const std::uint64_t largest = largest_number(place.field);
  const auto fits = [&](const std::optional<ReadNumber>& number) {
    return number && !number->too_large && number->value <= largest;
  };
  // Service names hold hyphens (`http-alt`), so the whole word is tried first.
  const auto single = read_number(place.field, word);
  if (fits(single)) return base::ValueRange<std::uint64_t>{single->value, single->value};
  const auto [left, right] = ends_of(word);
  const auto low = read_number(place.field, left);
  const auto high = read_number(place.field, right);
  if (single || !fits(low) || !fits(high)) return wrong_kind(place, word);
  if (low->value > high->value) return backwards(word);
  return base::ValueRange<std::uint64_t>{low->value, high->value};
}

Result<base::ValueRange<Ip>> read_addresses(const ValuePlace& place, std::string_view word) {
  if (const auto prefix = parse_cidr(word)) {
    return base::ValueRange<Ip>{prefix->network, base::last_of(*prefix)};
  }
  if (word.find('/') != word.npos) return bad_prefix(place, word);
  const auto [left, right] = ends_of(word);
  const auto low = parse_ip(left);
  const auto high = parse_ip(right);
  if (!low || !high) return wrong_kind(place, word);
  if (low->is_ipv4() != high->is_ipv4()) {
    return wrong_value(fmt::format("the range '{}' mixes IPv4 and IPv6", base::shown_word(word)),
                       "write one range per address family");
  }
  if (*high < *low) return backwards(word);
  return base::ValueRange<Ip>{*low, *high};
}

Result<void> check_text(const ValuePlace& place, std::string_view word) {
  if (field::equal_ignoring_case(word, "null") || word == "-") {
    return wrong_value(fmt::format("'{}' is not a value", word), hint_for(place.field, word));
  }
  const std::vector<std::string_view> words = closed_words(place.field);
  const bool known = std::any_of(words.begin(), words.end(), [&](std::string_view listed) {
    return field::equal_ignoring_case(listed, word);
  });
  if (words.empty() || known) return {};
  Unexpected failure = wrong_kind(place, word);
  failure.error().hint = "put a value that weir does not know in quotes";
  return failure;
}

}  // namespace weir::filter
