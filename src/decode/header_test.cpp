// SPDX-License-Identifier: Apache-2.0
#include "decode/header.hpp"

#include <gtest/gtest.h>

#include <string>

namespace weir::decode {
namespace {

TEST(ReadHeader, KnowsHeadersFromRecordsAndProse) {
  const struct {
    const char* why;
    std::string line;
    const char* header;  // null: no header
  } cases[] = {
      {"as AWS writes it", "version account-id srcaddr", "version account-id srcaddr"},
      {"underscores, CRLF", "pkt_srcaddr log_status\r", "pkt-srcaddr log-status"},
      {"one field", "srcaddr", "srcaddr"},
      {"a field that is not known yet", "srcaddr packet-colour", "srcaddr packet-colour"},
      {"more unknown than known", "srcaddr packet-colour packet-smell", nullptr},
      {"a field twice", "srcaddr srcaddr", nullptr},
      {"a record", "2 123456789010 eni-1235b8ca123456789 - - -", nullptr},
      {"a record that begins with a small letter", "eni-1235b8ca vpc-12345678 ACCEPT", nullptr},
      {"ids alone", "eni-1235b8ca vpc-12345678", nullptr},
      {"capitals are no header's", "Version Start End", nullptr},
      {"prose", "this is the start of the end", nullptr},
      {"nothing", "", nullptr},
      {"blanks", " \t ", nullptr},
  };
  for (const auto& c : cases) {
    const auto format = read_header(c.line);
    ASSERT_EQ(format.has_value(), c.header != nullptr) << c.why;
    if (format) {
      EXPECT_EQ(format->header(), c.header) << c.why;
    }
  }
}

TEST(ReadHeader, RefusesAbsurdlyManyFields) {
  std::string line = "srcaddr";
  for (int i = 0; i < 100'000; ++i) line += " dstaddr";
  EXPECT_FALSE(read_header(line));
}

}  // namespace
}  // namespace weir::decode
