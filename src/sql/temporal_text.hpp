// SPDX-License-Identifier: Apache-2.0
// sql: dates, times and intervals of SQL -> text, as DuckDB writes them.
#pragma once

#include <cstdint>
#include <string>

namespace weir::sql {

/// Days since 1970-01-01 -> `2026-11-20`.
std::string date_text(std::int32_t days);
/// Microseconds since midnight -> `10:00:33`, `10:00:33.25`.
std::string time_of_day_text(std::int64_t micros);
/// TIMETZ: 40 bits of microseconds, 24 bits of offset -> `10:00:33+02`.
std::string offset_time_text(std::uint64_t bits);
/// -> `2026-11-20 10:00:33`; `units` of the value make a second.
std::string timestamp_text(std::int64_t value, std::int64_t units);
/// Microseconds since 1970 -> `2026-11-20T10:00:33.25Z`.
std::string instant_text(std::int64_t micros);
/// -> `1 year 2 months 3 days 04:05:06`.
std::string interval_text(std::int32_t months, std::int32_t days, std::int64_t micros);

}  // namespace weir::sql
