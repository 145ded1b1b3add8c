// SPDX-License-Identifier: Apache-2.0
#include "synth/line_text.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace weir::synth {
namespace {

TEST(SynthLineText, WritesNumbersOfEveryLength) {
  std::vector<std::uint64_t> values{0, std::numeric_limits<std::uint64_t>::max()};
  for (std::uint64_t power = 10; power <= 1'000'000'000'000'000'000; power *= 10) {
    values.insert(values.end(), {power - 1, power, power + 1});
    if (power == 1'000'000'000'000'000'000) break;
  }
  for (const std::uint64_t value : values) {
    char text[24];
    const char* const end = write_number(text, value);
    EXPECT_EQ(std::string(text, static_cast<std::size_t>(end - text)), std::to_string(value) + " ");
  }
}

TEST(SynthLineText, CopiesWordsOfEveryLength) {
  for (std::size_t length = 0; length <= 46; ++length) {
    const std::string text(length, 'x');
    const Word word(text);
    char out[64];
    const char* const end = word.write(out);
    EXPECT_EQ(std::string(out, static_cast<std::size_t>(end - out)), text + " ");
    EXPECT_EQ(word.text(), text);
  }
}

TEST(SynthLineText, CopiesTextInBlocks) {
  for (std::size_t length = 0; length <= 100; ++length) {
    const std::string text(length, 'x');
    const std::string padded = text + std::string(kCopySlack, '?');
    char out[160];
    const char* const end = write_padded(out, padded.data(), length);
    EXPECT_EQ(std::string(out, static_cast<std::size_t>(end - out)), text);
  }
}

}  // namespace
}  // namespace weir::synth
