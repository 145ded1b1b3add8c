// SPDX-License-Identifier: Apache-2.0
// render: copies of texts that begin and end where memory does.
#include "render/plain_text.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace weir::render {
namespace {

constexpr std::size_t kMostLength = 70;

std::string plain_text_of(std::size_t length) {
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += static_cast<char>('0' + i % 60 % 40);
  for (char& byte : text) {
    if (byte == '\\') byte = 'z';
  }
  return text;
}

/// Copies between two allocations without a byte to spare; true if the text was found plain.
template <class Bytes>
bool copy(const std::string& text, std::string& copied) {
  const std::unique_ptr<char[]> from(new char[text.size()]);
  const std::unique_ptr<char[]> to(new char[text.size()]);
  text.copy(from.get(), text.size());
  const bool plain = copy_plain<Bytes>(from.get(), text.size(), to.get());
  copied.assign(to.get(), text.size());
  return plain;
}

template <class Bytes>
class PlainText : public ::testing::Test {};
using Formats = ::testing::Types<JsonBytes, CsvBytes, TsvBytes, LogBytes>;
TYPED_TEST_SUITE(PlainText, Formats);

TYPED_TEST(PlainText, OfEveryLengthIsCopied) {
  for (std::size_t length = 0; length <= kMostLength; ++length) {
    const std::string text = plain_text_of(length);
    std::string copied;
    EXPECT_TRUE(copy<TypeParam>(text, copied)) << text;
    EXPECT_EQ(copied, text);
  }
}

TYPED_TEST(PlainText, IsNotPlainWithASpecialByteAnywhere) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    const char special = static_cast<char>(byte);
    if ((class_of(special) & TypeParam::kClass) == 0) continue;
    for (std::size_t length = 1; length <= kMostLength; ++length) {
      for (std::size_t at = 0; at < length; ++at) {
        std::string text = plain_text_of(length);
        text[at] = special;
        std::string copied;
        ASSERT_FALSE(copy<TypeParam>(text, copied)) << byte << " at " << at << " of " << length;
        if (length > 20 && at > 3 && at + 20 < length) at += 3;  // the middle is all alike
      }
    }
  }
}

TYPED_TEST(PlainText, NamesAndNumbersAreNeverSuspected) {
  for (const char* text : {"ACCEPT", "OK", "NODATA", "123456789012", "eni-0a1b2c3d4e5f67890",
                           "arn:aws:ecs:eu-west-1:123456789012:task/web/0a1b2c3d4e5f67890"}) {
    std::string copied;
    EXPECT_TRUE(copy<TypeParam>(text, copied)) << text;
  }
}

}  // namespace
}  // namespace weir::render
