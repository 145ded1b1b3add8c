// SPDX-License-Identifier: Apache-2.0
#include "weir/time.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace weir::base {
namespace {

constexpr std::int64_t kNow = 1795384800;

TEST(ParseTime, ReadsWhatPeopleWrite) {
  const struct {
    const char* why;
    const char* text;
    std::int64_t expected;
  } cases[] = {
      {"epoch seconds", "1418530010", 1418530010},
      {"epoch milliseconds", "1418530010000", 1418530010},
      {"ISO date", "2014-12-14", 1418515200},
      {"ISO with zone", "2014-12-14T04:06:50Z", 1418530010},
      {"ISO with fraction", "2014-12-14T04:06:50.123456+00:00", 1418530010},
      {"ISO with offset", "2014-12-14T05:06:50+01:00", 1418530010},
      {"ISO with short offset", "2014-12-13T20:06:50-0800", 1418530010},
      {"blank instead of T, no seconds", "2014-12-14 04:06", 1418529960},
      {"age", "2h", kNow - 7200},
      {"joined age", "1d12h", kNow - 129600},
      {"now", "now", kNow},
  };
  for (const auto& c : cases) {
    const auto time = parse_time(c.text, kNow, {});
    ASSERT_TRUE(time) << c.why;
    EXPECT_EQ(*time, c.expected) << c.why;
  }
}

TEST(ParseTime, RefusesTheRestAndSaysWhatToUse) {
  for (const char* text :
       {"", "soon", "2026-13-01", "2026-02-29", "2026-11-22T", "2026-11-22T25:00", "2h3", "12:00",
        "2026-11-22T10:00:00Zulu", "2026-11-22T10:00x+01:00", "99999999999999999999"}) {
    const auto time = parse_time(text, kNow, {});
    ASSERT_FALSE(time) << text;
    EXPECT_NE(time.error().hint.find("yesterday"), std::string::npos);
  }
}

TEST(ParseTime, KnowsDaysOfTheZone) {
  const auto berlin = TimeZone::find("Europe/Berlin");
  ASSERT_TRUE(berlin);
  const std::int64_t now = *parse_iso8601("2026-11-21T23:30:00Z");  // 00:30 of the 22nd in Berlin
  EXPECT_EQ(*parse_time("today", now, *berlin), *parse_iso8601("2026-11-21T23:00:00Z"));
  EXPECT_EQ(*parse_time("yesterday", now, *berlin), *parse_iso8601("2026-11-20T23:00:00Z"));
  EXPECT_EQ(*parse_time("today", now, {}), *parse_iso8601("2026-11-21"));
  EXPECT_EQ(*parse_time("2026-07-01T12:00", now, *berlin), *parse_iso8601("2026-07-01T10:00:00Z"));
  EXPECT_EQ(format_iso8601(now, *berlin), "2026-11-22T00:30:00+01:00");
  EXPECT_EQ(format_time(now, *berlin), "2026-11-22 00:30:00");
}

TEST(TimeZone, FindsOffsetsAndRefusesNonsense) {
  const auto offset = TimeZone::find("-05:30");
  ASSERT_TRUE(offset);
  EXPECT_EQ(offset->offset_at(0), -19800);
  EXPECT_FALSE(TimeZone::find("Atlantis/Capital"));
  EXPECT_TRUE(TimeZone::find("local"));
}

TEST(ParseDuration, NeedsALengthAboveZero) {
  EXPECT_EQ(*parse_duration("5m"), 300);
  EXPECT_EQ(*parse_duration("1h30m"), 5400);
  EXPECT_EQ(*parse_duration("60"), 60);
  for (const char* text : {"", "0", "0s", "5 m", "m", "-5m", "5y"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(CivilTime, AgreesWithTheSystemCalendar) {
  for (std::int64_t seconds = -86400LL * 800000; seconds < 86400LL * 800000;
       seconds += 86400LL * 97 + 12345) {
    const std::time_t instant = seconds;
    std::tm expected{};
    gmtime_r(&instant, &expected);
    const CivilTime civil = civil_from_seconds(seconds);
    ASSERT_EQ(civil.year, expected.tm_year + 1900);
    ASSERT_EQ(civil.month, static_cast<unsigned>(expected.tm_mon + 1));
    ASSERT_EQ(civil.day, static_cast<unsigned>(expected.tm_mday));
    ASSERT_EQ(civil.second, static_cast<unsigned>(expected.tm_sec));
    ASSERT_EQ(days_from_civil(civil.year, civil.month, civil.day) * 86400 + civil.hour * 3600 +
                  civil.minute * 60 + civil.second,
              seconds);
  }
}

TEST(TimeZone, LocalIsWhatTheVariableSays) {
  const char* const before = std::getenv("TZ");
  const std::string kept = before == nullptr ? "" : before;
  const struct {
    const char* variable;
    const char* name;
    const char* shown;
  } cases[] = {
      {"Europe/Berlin", "Europe/Berlin", "2026-07-01T14:00:00+02:00"},
      {":Asia/Tokyo", "Asia/Tokyo", "2026-07-01T21:00:00+09:00"},
      {"/usr/share/zoneinfo/America/New_York", "America/New_York", "2026-07-01T08:00:00-04:00"},
      {"JST-9", "+09:00", "2026-07-01T21:00:00+09:00"},
      {"<-0330>3:30", "-03:30", "2026-07-01T08:30:00-03:30"},
      {"UTC0", "UTC", "2026-07-01T12:00:00Z"},
      {"UTC", "UTC", "2026-07-01T12:00:00Z"},
      {"", "UTC", "2026-07-01T12:00:00Z"},
  };
  constexpr std::int64_t kNoon = 1782907200;  // 2026-07-01T12:00:00Z
  for (const auto& c : cases) {
    setenv("TZ", c.variable, 1);  // NOLINT(concurrency-mt-unsafe)
    const Result<TimeZone> zone = TimeZone::find("local");
    ASSERT_TRUE(zone) << c.variable;
    EXPECT_EQ(zone->name(), c.name) << c.variable;
    EXPECT_EQ(format_iso8601(kNoon, *zone), c.shown) << c.variable;
  }
  setenv("TZ", "Atlantis/Capital", 1);  // NOLINT(concurrency-mt-unsafe)
  EXPECT_FALSE(TimeZone::find("local")) << "a mistake is no UTC";
  if (before == nullptr) {
    unsetenv("TZ");  // NOLINT(concurrency-mt-unsafe)
  } else {
    setenv("TZ", kept.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
  }
}

TEST(PrintedTimes, AreReadAsTheSameInstantInEveryZone) {
  // The digits of a year, zones without whole minutes, changes of clocks.
  constexpr std::int64_t kInstants[] = {0,          1,           59,          20000000,
                                        63593070,   1774746000,  1793494800,  4102444800,
                                        9999999999, 99999999999, 253402214399};
  for (const char* const name : {"utc", "+02:00", "-09:30", "Europe/Berlin", "America/St_Johns",
                                 "Africa/Monrovia", "Asia/Kathmandu", "Australia/Lord_Howe"}) {
    const auto zone = TimeZone::find(name);
    ASSERT_TRUE(zone) << name;
    for (const std::int64_t instant : kInstants) {
      const std::string text = format_iso8601(instant, *zone);
      const auto read = parse_time(text, 0, *zone);
      ASSERT_TRUE(read) << name << ": " << text;
      EXPECT_EQ(*read, instant) << name << ": " << text;
    }
  }
}

}  // namespace
}  // namespace weir::base
