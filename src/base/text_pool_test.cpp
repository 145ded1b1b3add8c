// SPDX-License-Identifier: Apache-2.0
#include "base/text_pool.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace weir::base {
namespace {

TEST(TextNumbers, TellTextsApartThatDifferInOneByte) {
  TextPool pool;
  TextNumbers numbers(pool);
  for (std::size_t length = 0; length <= 80; ++length) {
    const std::string text(length, 'a');
    const std::uint32_t number = numbers.number_of(text);
    for (std::size_t at = 0; at < length; ++at) {
      // Exactly as long as the text, so that a read beyond it is seen.
      const std::unique_ptr<char[]> bytes(new char[length]);
      std::memcpy(bytes.get(), text.data(), length);
      bytes[at] = 'b';
      const std::string_view other(bytes.get(), length);
      EXPECT_NE(numbers.number_of(other), number) << length << " at " << at;
      EXPECT_EQ(pool.text(numbers.number_of(other)), other);
    }
    EXPECT_EQ(numbers.number_of(text), number);
  }
}

TEST(TextNumbers, AgreeBetweenThreadsAndWithAMap) {
  std::mt19937_64 random(3);
  TextPool pool;
  TextNumbers first(pool);
  TextNumbers second(pool);
  std::map<std::string, std::uint32_t> expected;
  for (int i = 0; i < 50'000; ++i) {
    std::string text = "eni-" + std::to_string(random() % 5'000);
    if (random() % 3 == 0) text.append(random() % 40, 'x');
    const std::uint32_t number = (i % 2 == 0 ? first : second).number_of(text);
    EXPECT_EQ(expected.emplace(text, number).first->second, number) << text;
  }
  EXPECT_EQ(pool.size(), expected.size());
  const std::vector<std::uint32_t> ranks = pool.ranks();
  std::uint32_t place = 0;
  for (const auto& [text, number] : expected) EXPECT_EQ(ranks[number], place++) << text;
}

TEST(TextPool, KeepsTextsOfEveryLength) {
  TextPool pool;
  std::vector<std::string> texts;
  for (const std::size_t length : {0, 1, 5, 20'000, 7, 70'000, 16'384, 16'385, 65'536, 9}) {
    texts.push_back(std::string(length, static_cast<char>('a' + texts.size())));
    pool.intern(texts.back());
  }
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(pool.text(i), texts[i]) << i;
}

}  // namespace
}  // namespace weir::base
