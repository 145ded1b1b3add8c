// SPDX-License-Identifier: Apache-2.0
#include "envelope/base64.hpp"

#include <gtest/gtest.h>

namespace weir::envelope {
namespace {

TEST(DecodeBase64, DecodesRfc4648sExamples) {
  const struct {
    const char* text;
    const char* bytes;
  } cases[] = {{"", ""},
               {"Zg==", "f"},
               {"Zm8=", "fo"},
               {"Zm9v", "foo"},
               {"Zm9vYg==", "foob"},
               {"Zm9vYmE=", "fooba"},
               {"Zm9vYmFy", "foobar"},
               {"Zm9vYg", "foob"},
               {"Zm9v\r\nYmFy\n", "foobar"}};
  for (const auto& c : cases) EXPECT_EQ(decode_base64(c.text), c.bytes) << c.text;
}

TEST(DecodeBase64, RefusesWhatIsNoBase64) {
  for (const char* text : {"Z", "Zm9vY", "Zm9v Yg==", "Zg==Zg==", "Zm9-", "{\"a\":1}"}) {
    EXPECT_FALSE(decode_base64(text)) << text;
  }
}

TEST(DecodeBase64, KeepsEveryByte) {
  EXPECT_EQ(decode_base64("AP+A/w=="), std::string("\0\xff\x80\xff", 4));
}

}  // namespace
}  // namespace weir::envelope
