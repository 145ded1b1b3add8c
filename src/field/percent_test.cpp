// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "weir/names.hpp"

namespace weir::field {
namespace {

TEST(PercentEncode, KeepsAValueOneToken) {
  const struct {
    const char* why;
    std::string_view text;
    const char* encoded;
  } cases[] = {
      {"plain text stays", "arn:aws:ecs:us-east-1:123456789012:cluster/web", nullptr},
      {"a blank would end the token", "web tier", "web%20tier"},
      {"tab and newline too", "a\tb\nc", "a%09b%0Ac"},
      {"the escape sign itself", "100%", "100%25"},
      {"bytes outside ASCII", "caf\xc3\xa9", "caf%C3%A9"},
      {"a lone hyphen would mean missing", "-", "%2D"},
      {"a hyphen among others stays", "a-b", nullptr},
      {"delete is a control byte", "a\x7f", "a%7F"},
      {"nothing", "", nullptr},
  };
  for (const auto& c : cases) {
    const std::string expected = c.encoded != nullptr ? c.encoded : std::string(c.text);
    EXPECT_EQ(percent_encode(c.text), expected) << c.why;
    EXPECT_EQ(percent_decode(expected), c.text) << c.why;
  }
}

TEST(PercentDecode, LeavesBrokenSequencesAlone) {
  const struct {
    const char* why;
    const char* text;
    const char* decoded;
  } cases[] = {
      {"lower-case digits", "a%2fb", "a/b"},
      {"no digits", "100%", "100%"},
      {"one digit", "a%2", "a%2"},
      {"no hexadecimal digits", "a%zzb", "a%zzb"},
      {"an escape after a broken one", "%%20", "% "},
  };
  for (const auto& c : cases) EXPECT_EQ(percent_decode(c.text), c.decoded) << c.why;
}

TEST(PercentEncode, EveryByteComesBack) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    EXPECT_EQ(percent_decode(percent_encode(text)), text) << byte;
  }
}

}  // namespace
}  // namespace weir::field
