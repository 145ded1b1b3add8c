// SPDX-License-Identifier: Apache-2.0
// time: instants as Unix seconds, the ways people write them, and time zones.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "weir/result.hpp"

namespace weir {

/// A zone in which instants are shown and local times are read.
/// Threads: immutable after find(), may be shared.
class TimeZone {
 public:
  /// UTC.
  TimeZone() = default;
  /// `utc`, `local`, an IANA name (`Europe/Berlin`) or an offset (`+02:00`). Local is what $TZ
  /// says, else what the machine is set to. Errors: usage, also for a $TZ that names no zone.
  static Result<TimeZone> find(std::string_view name);

  /// Seconds to add to UTC, and the instants `begin` <= t < `end` at which that holds.
  struct Offset {
    std::int64_t seconds = 0;
    std::int64_t begin = std::numeric_limits<std::int64_t>::min();
    std::int64_t end = std::numeric_limits<std::int64_t>::max();
  };

  /// Seconds to add to UTC at this instant.
  std::int64_t offset_at(std::int64_t unix_seconds) const;
  /// The same with the time for which it holds, so that many instants need one look.
  Offset offset_around(std::int64_t unix_seconds) const;
  /// The instant at which clocks of this zone show these civil seconds since 1970-01-01T00:00.
  std::int64_t from_local(std::int64_t civil_seconds) const;
  bool is_utc() const { return zone_ == nullptr && offset_ == 0; }
  /// `UTC`, `Europe/Berlin`, `+02:00`.
  std::string name() const;

 private:
  const void* zone_ = nullptr;  // date::time_zone, owned by the library's database
  std::int64_t offset_ = 0;
};

/// Reads an instant: epoch seconds or milliseconds, ISO 8601 (`2026-11-22`, `2026-11-22T10:00`,
/// with `Z` or an offset), an age before `now` (`90s 15m 2h 7d 1w`), `now`, `today`, `yesterday`.
Result<std::int64_t> parse_time(std::string_view text, std::int64_t now, const TimeZone& zone);

/// Reads a length such as `30s 5m 1h 1d 1w`, or plain seconds. Never zero.
Result<std::int64_t> parse_duration(std::string_view text);

/// Reads a complete ISO 8601 date or date and time (UTC unless it says otherwise), else nothing.
std::optional<std::int64_t> parse_iso8601(std::string_view text, const TimeZone& zone = {});

/// `+02:00`.
std::string format_offset(std::int64_t seconds);
/// `2026-11-22T10:00:00Z`, or with the zone's offset.
std::string format_iso8601(std::int64_t unix_seconds, const TimeZone& zone = {});
/// `2026-11-22 10:00:00`, for people.
std::string format_time(std::int64_t unix_seconds, const TimeZone& zone = {});

/// Days since 1970-01-01 of a proleptic Gregorian date.
std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) noexcept;

struct CivilTime {
  std::int64_t year;
  unsigned month, day, hour, minute, second;
};
CivilTime civil_from_seconds(std::int64_t seconds) noexcept;

}  // namespace weir
