// SPDX-License-Identifier: Apache-2.0
// sql: dates, times and intervals of SQL -> text.
#include "sql/temporal_text.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <limits>
#include <string_view>

#include "base/protocol.hpp"
#include "weir/time.hpp"

namespace weir::sql {
namespace {

/// DuckDB writes the ends of a type's range as words.
template <class Number>
std::string_view infinity_text(Number value) {
  constexpr Number kMost = std::numeric_limits<Number>::max();
  if (value == kMost) return "infinity";
  return value == -kMost ? "-infinity" : "";
}

std::string civil_date(std::int64_t seconds) {
  const CivilTime civil = civil_from_seconds(seconds);
  if (civil.year > 0) {
    return fmt::format("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day);
  }
  return fmt::format("{:04}-{:02}-{:02} (BC)", 1 - civil.year, civil.month, civil.day);
}

/// `.25`: a part of a second without the zeros behind it, or nothing.
std::string fraction_text(std::int64_t part, std::int64_t units) {
  if (part == 0) return {};
  std::string text = std::to_string(units + part);  // 1 and the digits with their zeros in front
  text[0] = '.';
  while (text.back() == '0') text.pop_back();
  return text;
}

std::string clock_text(std::int64_t seconds) {
  return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

struct Parts {
  std::int64_t seconds;
  std::int64_t rest;
};

Parts split(std::int64_t value, std::int64_t units) {
  Parts parts{.seconds = value / units, .rest = value % units};
  if (parts.rest < 0) {
    parts.rest += units;
    --parts.seconds;
  }
  return parts;
}

std::string date_and_time(std::int64_t value, std::int64_t units, char between) {
  const Parts parts = split(value, units);
  const Parts day = split(parts.seconds, base::kSecondsOfDay);
  return civil_date(parts.seconds) + between + clock_text(day.rest) +
         fraction_text(parts.rest, units);
}

void append_unit(std::string& text, std::int64_t count, std::string_view unit) {
  if (count == 0) return;
  fmt::format_to(std::back_inserter(text), "{}{} {}{}", text.empty() ? "" : " ", count, unit,
                 count == 1 || count == -1 ? "" : "s");
}

}  // namespace

std::string date_text(std::int32_t days) {
  if (const std::string_view end = infinity_text(days); !end.empty()) return std::string(end);
  return civil_date(days * base::kSecondsOfDay);
}

std::string time_of_day_text(std::int64_t micros) {
  constexpr std::int64_t kUnits = 1'000'000;
  return clock_text(micros / kUnits) + fraction_text(micros % kUnits, kUnits);
}

std::string offset_time_text(std::uint64_t bits) {
  // The offset is kept upside down, so that later times sort behind earlier ones.
  constexpr std::int64_t kLargestOffset = 16 * 3600 - 1;
  const auto micros = static_cast<std::int64_t>(bits >> 24);
  const std::int64_t offset = kLargestOffset - static_cast<std::int64_t>(bits & 0xff'ffff);
  const std::int64_t size = std::abs(offset);
  std::string text = time_of_day_text(micros);
  text += fmt::format("{}{:02}", offset < 0 ? '-' : '+', size / 3600);
  if (size % 3600 != 0) text += fmt::format(":{:02}", size / 60 % 60);
  if (size % 60 != 0) text += fmt::format(":{:02}", size % 60);
  return text;
}

std::string timestamp_text(std::int64_t value, std::int64_t units) {
  if (const std::string_view end = infinity_text(value); !end.empty()) return std::string(end);
  return date_and_time(value, units, ' ');
}

std::string instant_text(std::int64_t micros) {
  if (const std::string_view end = infinity_text(micros); !end.empty()) return std::string(end);
  return date_and_time(micros, 1'000'000, 'T') + 'Z';
}

std::string interval_text(std::int32_t months, std::int32_t days, std::int64_t micros) {
  std::string text;
  append_unit(text, months / 12, "year");
  append_unit(text, months % 12, "month");
  append_unit(text, days, "day");
  if (micros != 0 || text.empty()) {
    const std::int64_t size = micros < 0 ? -micros : micros;
    if (!text.empty()) text += ' ';
    if (micros < 0) text += '-';
    text += time_of_day_text(size);
  }
  return text;
}

}  // namespace weir::sql
