// SPDX-License-Identifier: Apache-2.0
// render: fast digits against those of the standard library, in memory without a byte to spare.
#include "render/number_text.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

namespace weir::render {
namespace {

template <class Write>
std::string written(std::size_t room, Write write) {
  const std::unique_ptr<char[]> out(new char[room]);
  return {out.get(), write(out.get())};
}

/// Both sides of every power of ten and of two, and random numbers of every length.
std::vector<std::uint64_t> telling_numbers() {
  std::vector<std::uint64_t> numbers = {0, ~std::uint64_t{0}};
  const auto add_around = [&](std::uint64_t value) {
    for (const std::uint64_t number : {value - 1, value, value + 1}) numbers.push_back(number);
  };
  for (std::uint64_t power = 1; power <= 1'000'000'000'000'000'000; power *= 10) add_around(power);
  add_around(10'000'000'000'000'000'000U);
  for (unsigned bit = 0; bit < 64; ++bit) add_around(std::uint64_t{1} << bit);
  std::mt19937_64 random(20261124);
  for (int i = 0; i < 20'000; ++i) numbers.push_back(random() >> random() % 64);
  return numbers;
}

TEST(NumberText, IsThatOfTheStandardLibrary) {
  LastTime last;
  for (const std::uint64_t number : telling_numbers()) {
    const std::string expected = std::to_string(number);
    const auto plain = [&](char* out) { return write_number(number, out); };
    const auto byte = [&](char* out) { return write_byte(number, out); };
    const auto time = [&](char* out) { return write_time(number, last, out); };
    ASSERT_EQ(written(kMaxNumberText, plain), expected);
    ASSERT_EQ(written(kMaxNumberText, byte), expected);
    ASSERT_EQ(written(kMaxNumberText, time), expected) << "after other times";
    ASSERT_EQ(written(kMaxNumberText, time), expected) << "after the same time";
  }
}

TEST(NumberText, HasEveryDigitOfEveryShortNumber) {
  for (std::uint32_t number = 0; number < 200'000; ++number) {
    const auto write = [&](char* out) { return write_short_number(number, out); };
    ASSERT_EQ(written(8, write), std::to_string(number));
  }
  for (const std::uint32_t number :
       {1'000'000U, 9'999'999U, 10'000'000U, 90'909'090U, 99'999'999U}) {
    const auto write = [&](char* out) { return write_short_number(number, out); };
    EXPECT_EQ(written(8, write), std::to_string(number));
  }
}

TEST(NumberText, TimesThatFollowEachOtherShareTheirFront) {
  LastTime last;
  for (std::uint64_t time = 1'764'539'990; time < 1'764'560'010; ++time) {
    const auto write = [&](char* out) { return write_time(time, last, out); };
    ASSERT_EQ(written(kMaxNumberText, write), std::to_string(time));
  }
}

TEST(NumberText, WideNumbersKeepTheirZeros) {
  using Wide = unsigned __int128;
  Wide power = 1;
  std::string zeros;
  for (int digits = 1; digits <= 39; ++digits) {
    const auto write = [&](char* out) { return write_number(power, out); };
    ASSERT_EQ(written(kMaxWideNumberText, write), '1' + zeros);
    zeros += '0';
    power *= 10;
  }
}

}  // namespace
}  // namespace weir::render
