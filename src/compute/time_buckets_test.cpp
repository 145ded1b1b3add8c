// SPDX-License-Identifier: Apache-2.0
#include "compute/time_buckets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

namespace weir::compute {
namespace {

/// The definition, with divisions.
std::uint64_t defined_start(std::uint64_t time, std::int64_t seconds, const TimeZone& zone) {
  if (time >> 63 != 0) return 0;  // a negative number: before 1970
  const std::int64_t offset =
      zone.offset_at(static_cast<std::int64_t>(std::min<std::uint64_t>(time, 253'402'300'799)));
  const __int128 civil = static_cast<__int128>(time) + offset;
  __int128 start = civil / seconds * seconds;
  if (start > civil) start -= seconds;
  return static_cast<std::uint64_t>(std::max<__int128>(0, start - offset));
}

TEST(TimeBuckets, AgreeWithTheDefinitionInEveryZone) {
  std::mt19937_64 random(11);
  for (const char* name : {"utc", "+05:45", "-03:30", "Europe/Berlin", "America/St_Johns",
                           "Australia/Lord_Howe", "Pacific/Apia"}) {
    const auto zone = TimeZone::find(name);
    ASSERT_TRUE(zone) << name;
    for (const std::int64_t seconds :
         {std::int64_t{1}, std::int64_t{2}, std::int64_t{7}, std::int64_t{60}, std::int64_t{300},
          std::int64_t{3600}, std::int64_t{86400}, std::int64_t{604800}, std::int64_t{1} << 28,
          std::int64_t{3'000'000'000}}) {
      TimeBuckets buckets(seconds, *zone);
      const auto check = [&](std::uint64_t time) {
        EXPECT_EQ(buckets.start_of(time), defined_start(time, seconds, *zone))
            << time << " in " << name << " by " << seconds;
      };
      for (int i = 0; i < 300; ++i) check(1'700'000'000 + random() % 100'000'000);
      for (int i = 0; i < 100; ++i) check(random() % 400'000);  // about 1970
      for (int i = 0; i < 100; ++i) check(random() >> (random() % 60));
      for (std::uint64_t time = 1'792'890'000; time < 1'792'900'000; time += 600) check(time);
      for (const std::uint64_t edge :
           {std::uint64_t{0}, std::uint64_t{1} << 34, ~std::uint64_t{0}, std::uint64_t{1} << 63}) {
        check(edge);
        check(edge - 1);
      }
    }
  }
}

}  // namespace
}  // namespace weir::compute
