// SPDX-License-Identifier: Apache-2.0
#include "decode/infer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "decode/tokens.hpp"

namespace weir::decode {
namespace {

Inference infer(std::string_view line) {
  std::vector<std::string_view> tokens;
  return infer_format({&line, 1}, split_tokens(line, tokens, 100), known_formats());
}

TEST(InferFormat, TellsOrdersOfTheSameFieldsApart) {
  const struct {
    const char* why;
    const char* line;
    const char* expected;
  } cases[] = {
      {"default",
       "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 "
       "1418530010 1418530070 ACCEPT OK",
       "default v2"},
      {"nothing but NODATA",
       "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 "
       "- NODATA",
       "default v2"},
      {"the console's alphabetical order",
       "325352056000 - apne1-az1 - - - 1700185000 - i-085c8f3d12aa57000 eni-03a3504cbdd789000 "
       "SKIPDATA "
       "- - - - - - ap-northeast-1 - - 1700185000 - - subnet-f27b1000 - - - 5 vpc-bcd5b000",
       "v5, alphabetical order"},
      {"an account that AWS does not know",
       "2 unknown eni-1235b8ca123456789 10.0.0.1 10.0.0.2 1 2 6 20 4249 1418530010 1418530070 "
       "ACCEPT OK",
       "default v2"},
      {"Transit Gateway",
       "6 TransitGateway 123456789010 tgw-0abc12345def67890 tgw-attach-0abc12345def67890 "
       "123456789010 "
       "123456789011 vpc-11111111 vpc-22222222 subnet-11111111 subnet-22222222 eni-11111111 "
       "eni-22222222 use1-az1 use1-az2 tgw-attach-0fedc54321fed9876 10.1.0.1 10.2.0.1 443 49152 6 "
       "5 400 "
       "1616729292 1616729349 OK IPv4 0 0 0 0 2 us-east-1 ingress - -",
       "Transit Gateway default"},
  };
  for (const auto& c : cases) {
    const Inference inference = infer(c.line);
    ASSERT_NE(inference.format, nullptr) << c.why;
    EXPECT_EQ(inference.name, c.expected) << c.why;
    EXPECT_GT(inference.confidence, 0.99) << c.why;
  }
}

TEST(InferFormat, NeverGuesses) {
  EXPECT_EQ(infer("a b c d e f g h i j k l m n").format, nullptr) << "fourteen words";
  EXPECT_EQ(infer("10.0.0.1 10.0.0.2").format, nullptr) << "no known format has two fields";
  const Inference nothing = infer("- - - - - - - - - - - - - -");
  EXPECT_EQ(nothing.format, nullptr);
  EXPECT_THAT(nothing.candidates, testing::ElementsAre("default v2", "v2, alphabetical order"));
}

TEST(InferFormat, ForgivesSomeOddValues) {
  const Inference inference = infer(
      "2 123456789012 eni-1a2b3c4d 192.168.0.1 203.0.113.12 1024 80 6 10 5000 1620140661 "
      "1620140721 "
      "SUCCESS OK");
  ASSERT_NE(inference.format, nullptr);
  EXPECT_LT(inference.confidence, 0.99) << "and says that it is less sure";
}

TEST(FitsField, EveryExampleOfTheCatalogueFitsItsField) {
  for (const FieldInfo& field : field_catalogue()) {
    EXPECT_TRUE(fits_field(field.example, field.id)) << field.name;
  }
}

}  // namespace
}  // namespace weir::decode
