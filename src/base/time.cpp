// SPDX-License-Identifier: Apache-2.0
// base: instants and how people write them. The zone database is the system's, read by date-tz.
#include "weir/time.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iterator>
#include <limits>

#include "base/protocol.hpp"

namespace weir {
namespace {

constexpr std::int64_t kDay = base::kSecondsOfDay;

/// Reads unsigned numbers and single characters off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool number(std::size_t digits, unsigned* value) {
    if (rest_.size() < digits) return false;
    const auto [end, failure] = std::from_chars(rest_.data(), rest_.data() + digits, *value);
    if (failure != std::errc{} || end != rest_.data() + digits) return false;
    rest_.remove_prefix(digits);
    return true;
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip_fraction() {
    if (!take('.') && !take(',')) return;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') rest_.remove_prefix(1);
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool is_leap(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

unsigned days_in_month(std::int64_t year, unsigned month) {
  constexpr unsigned kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

/// `+02:00`, `-0530`, `+02`: seconds east of UTC.
std::optional<std::int64_t> parse_offset(std::string_view text) {
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const std::int64_t sign = text.front() == '-' ? -1 : 1;
  Scanner scanner(text.substr(1));
  unsigned hours = 0;
  unsigned minutes = 0;
  if (!scanner.number(2, &hours)) return std::nullopt;
  if (!scanner.at_end()) {
    scanner.take(':');
    if (!scanner.number(2, &minutes)) return std::nullopt;
  }
  if (!scanner.at_end() || hours > 23 || minutes > 59) return std::nullopt;
  return sign * (hours * 3600 + minutes * 60);
}

/// Seconds of one unit letter, 0 if it is none.
std::int64_t unit_seconds(std::string_view unit) {
  if (unit == "s") return 1;
  if (unit == "m" || unit == "min") return 60;
  if (unit == "h") return 3600;
  if (unit == "d") return kDay;
  if (unit == "w") return 7 * kDay;
  return 0;
}

/// `90s`, `1h30m`: at least one number with a unit.
std::optional<std::int64_t> parse_span(std::string_view text) {
  std::int64_t total = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    std::uint32_t count = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failure != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::size_t unit_length = std::min(text.find_first_of("0123456789"), text.size());
    const std::int64_t unit = unit_seconds(text.substr(0, unit_length));
    if (unit == 0) return std::nullopt;
    total += std::int64_t{count} * unit;
    text.remove_prefix(unit_length);
  }
  return total;
}

/// `JST-9`, `<+03>-3`, `UTC0`: a zone of POSIX without daylight saving, whose offset counts west
/// (POSIX.1-2017, section 8.3).
std::optional<std::int64_t> parse_posix_zone(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  std::size_t end = 0;
  if (text.starts_with('<')) {
    end = std::min(text.find('>'), text.size() - 1) + 1;
  } else {
    while (end < text.size() && is_letter(text[end])) ++end;
  }
  std::string_view rest = text.substr(end);
  if (end < 3 || rest.empty()) return std::nullopt;
  const bool is_east = rest.front() == '-';
  if (is_east || rest.front() == '+') rest.remove_prefix(1);
  unsigned hours = 0;
  unsigned minutes = 0;
  Scanner scanner(rest);
  if (!scanner.number(rest.size() > 1 && rest[1] != ':' ? 2 : 1, &hours)) return std::nullopt;
  if (scanner.take(':') && !scanner.number(2, &minutes)) return std::nullopt;
  if (!scanner.at_end() || hours > 24 || minutes > 59) return std::nullopt;
  return (is_east ? 1 : -1) * static_cast<std::int64_t>(hours * 3600 + minutes * 60);
}

/// The name of an IANA zone that $TZ gives, however it is written; empty for UTC.
std::string_view zone_of_environment(std::string_view text) {
  if (text.starts_with(':')) text.remove_prefix(1);
  constexpr std::string_view kFolder = "/zoneinfo/";
  const std::size_t folder = text.find(kFolder);
  return folder == std::string_view::npos ? text : text.substr(folder + kFolder.size());
}

bool is_utc_name(std::string_view name) {
  constexpr std::string_view kNames[] = {"utc",     "UTC", "Z",       "Etc/UTC",
                                         "Etc/UCT", "GMT", "Etc/GMT", "Etc/Zulu"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

std::int64_t start_of_day(std::int64_t now, const TimeZone& zone) {
  const std::int64_t civil = now + zone.offset_at(now);
  const std::int64_t midnight = civil - ((civil % kDay) + kDay) % kDay;
  return zone.from_local(midnight);
}

}  // namespace

Result<TimeZone> TimeZone::find(std::string_view name) {
  TimeZone zone;
  const bool is_local = name == "local";
  const char* const variable =
      is_local ? std::getenv("TZ") : nullptr;  // NOLINT(concurrency-mt-unsafe)
  if (variable != nullptr) name = zone_of_environment(variable);
  if (is_utc_name(name) || name.empty()) return zone;
  if (const auto offset = variable != nullptr ? parse_posix_zone(name) : parse_offset(name)) {
    zone.offset_ = *offset;
    return zone;
  }
  try {
    const bool asks_machine = is_local && variable == nullptr;
    const auto* const found =
        asks_machine ? date::current_zone() : date::locate_zone(std::string(name));
    if (!is_utc_name(found->name())) zone.zone_ = found;
    return zone;
  } catch (const std::exception&) {
    // A machine without a zone database still has a local time: UTC is the only safe reading.
    if (is_local && variable == nullptr) return TimeZone{};
    return Unexpected({.code = ErrorCode::usage,
                       .message = fmt::format("unknown time zone '{}'{}", name,
                                              is_local ? " in the variable TZ" : ""),
                       .hint = "use utc, local, an IANA name such as Europe/Berlin, or +02:00"});
  }
}

std::string TimeZone::name() const {
  if (zone_ != nullptr) return static_cast<const date::time_zone*>(zone_)->name();
  return offset_ == 0 ? "UTC" : format_offset(offset_);
}

std::int64_t TimeZone::offset_at(std::int64_t unix_seconds) const {
  if (zone_ == nullptr) return offset_;
  const auto* zone = static_cast<const date::time_zone*>(zone_);
  return zone->get_info(date::sys_seconds{std::chrono::seconds{unix_seconds}}).offset.count();
}

TimeZone::Offset TimeZone::offset_around(std::int64_t unix_seconds) const {
  if (zone_ == nullptr) return {.seconds = offset_};
  const auto* zone = static_cast<const date::time_zone*>(zone_);
  const auto info = zone->get_info(date::sys_seconds{std::chrono::seconds{unix_seconds}});
  return {.seconds = info.offset.count(),
          .begin = info.begin.time_since_epoch().count(),
          .end = info.end.time_since_epoch().count()};
}

std::int64_t TimeZone::from_local(std::int64_t civil_seconds) const {
  if (zone_ == nullptr) return civil_seconds - offset_;
  const auto* zone = static_cast<const date::time_zone*>(zone_);
  // In the hour that a change of clocks repeats or skips, the first offset is meant.
  const auto info = zone->get_info(date::local_seconds{std::chrono::seconds{civil_seconds}});
  return civil_seconds - info.first.offset.count();
}

std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) noexcept {
  // Counts from 0000-03-01, so that the leap day is the last of its year and a month's first day
  // is (153 * month + 2) / 5; 719468 days lie between that day and 1970-01-01.
  if (month <= 2) --year;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t shifted_month = month > 2 ? month - 3 : month + 9;
  const std::int64_t day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

CivilTime civil_from_seconds(std::int64_t seconds) noexcept {
  std::int64_t days = seconds / kDay;
  std::int64_t of_day = seconds % kDay;
  if (of_day < 0) {
    of_day += kDay;
    --days;
  }
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const auto month =
      static_cast<unsigned>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  return {.year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
          .month = month,
          .day = static_cast<unsigned>(day_of_year - (153 * shifted_month + 2) / 5 + 1),
          .hour = static_cast<unsigned>(of_day / 3600),
          .minute = static_cast<unsigned>(of_day / 60 % 60),
          .second = static_cast<unsigned>(of_day % 60)};
}

std::optional<std::int64_t> parse_iso8601(std::string_view text, const TimeZone& zone) {
  Scanner scanner(text);
  unsigned year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  if (!scanner.number(4, &year) || !scanner.take('-') || !scanner.number(2, &month) ||
      !scanner.take('-') || !scanner.number(2, &day)) {
    return std::nullopt;
  }
  if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return std::nullopt;
  const std::int64_t date = days_from_civil(year, month, day) * kDay;
  if (scanner.at_end()) return zone.from_local(date);
  if (!scanner.take('T') && !scanner.take('t') && !scanner.take(' ')) return std::nullopt;
  if (!scanner.number(2, &hour) || !scanner.take(':') || !scanner.number(2, &minute)) {
    return std::nullopt;
  }
  if (scanner.take(':')) {
    if (!scanner.number(2, &second)) return std::nullopt;
    scanner.skip_fraction();
  }
  // 60 is a leap second; Unix time has none, so it is the next second.
  if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const std::int64_t civil = date + std::int64_t{hour} * 3600 + std::int64_t{minute} * 60 + second;
  if (scanner.at_end()) return zone.from_local(civil);
  if (scanner.take('Z') || scanner.take('z')) {
    return scanner.at_end() ? std::optional(civil) : std::nullopt;
  }
  const std::size_t sign = text.find_first_of("+-", 11);
  if (sign == std::string_view::npos) return std::nullopt;
  // Nothing may stand between the time and its offset.
  const auto offset = parse_offset(text.substr(sign));
  if (!offset) return std::nullopt;
  const std::string_view clock = text.substr(11, sign - 11);
  if (clock.find_first_not_of("0123456789:.,") != std::string_view::npos) return std::nullopt;
  return civil - *offset;
}

Result<std::int64_t> parse_time(std::string_view text, std::int64_t now, const TimeZone& zone) {
  if (text == "now") return now;
  if (text == "today") return start_of_day(now, zone);
  if (text == "yesterday") return start_of_day(start_of_day(now, zone) - 1, zone);
  std::uint64_t epoch = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), epoch);
  if (failure == std::errc{} && end == text.data() + text.size()) {
    // Seconds until 2038 have ten digits; thirteen digits are milliseconds.
    constexpr std::uint64_t kLargestSeconds = 99'999'999'999;
    if (epoch > kLargestSeconds) epoch /= 1000;
    if (epoch <= kLargestSeconds) return static_cast<std::int64_t>(epoch);
  } else if (const auto instant = parse_iso8601(text, zone)) {
    return *instant;
  } else if (const auto age = parse_span(text)) {
    return now - *age;
  }
  return Unexpected({.code = ErrorCode::usage,
                     .message = fmt::format("cannot read '{}' as a time", text),
                     .hint = "use Unix seconds, 2026-11-22T10:00:00Z, an age such as 2h or 7d, "
                             "today or yesterday"});
}

Result<std::int64_t> parse_duration(std::string_view text) {
  std::uint32_t seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failure == std::errc{} && end == text.data() + text.size() && seconds > 0) return seconds;
  if (const auto span = parse_span(text); span && *span > 0) return *span;
  return Unexpected({.code = ErrorCode::usage,
                     .message = fmt::format("cannot read '{}' as a length of time", text),
                     .hint = "use a number with a unit, such as 30s, 5m, 1h or 1d"});
}

std::string format_offset(std::int64_t seconds) {
  const std::int64_t minutes = (seconds < 0 ? -seconds : seconds) / 60;
  return fmt::format("{}{:02}:{:02}", seconds < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

std::string format_iso8601(std::int64_t unix_seconds, const TimeZone& zone) {
  // An offset is written in minutes. Liberia's had half a minute more until 1972: what is written
  // must mean the same instant when it is read.
  const std::int64_t exact = zone.offset_at(unix_seconds);
  const std::int64_t offset = exact - exact % 60;
  const CivilTime civil = civil_from_seconds(unix_seconds + offset);
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", civil.year, civil.month,
                                 civil.day, civil.hour, civil.minute, civil.second);
  return text + (zone.is_utc() ? "Z" : format_offset(offset));
}

std::string format_time(std::int64_t unix_seconds, const TimeZone& zone) {
  const CivilTime civil = civil_from_seconds(unix_seconds + zone.offset_at(unix_seconds));
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", civil.year, civil.month, civil.day,
                     civil.hour, civil.minute, civil.second);
}

}  // namespace weir
