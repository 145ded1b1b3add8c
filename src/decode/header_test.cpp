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
      {"a field twice: the first column counts", "srcaddr srcaddr bytes", "srcaddr bytes"},
      {"camelCase", "interfaceId srcAddr logStatus", "interface-id srcaddr log-status"},
      {"as LogFormat writes it", "${version} ${account-id} ${srcaddr}",
       "version account-id srcaddr"},
      {"as Terraform writes it", "$${version} $${account-id} $${srcaddr}",
       "version account-id srcaddr"},
      {"in quotes", "\"version\" \"srcaddr\" 'bytes'", "version srcaddr bytes"},
      {"partly unknown", "Version SRCADDR packet-colour bytes",
       "version srcaddr packet-colour bytes"},
      {"names of Athena's old table", "account sourceaddress numbytes", "account-id srcaddr bytes"},
      {"a number among names", "version srcaddr 17 bytes end", nullptr},
      {"an address among names", "version srcaddr fe80::1 bytes end", nullptr},
      {"a record", "2 123456789010 eni-1235b8ca123456789 - - -", nullptr},
      {"a record that begins with a small letter", "eni-1235b8ca vpc-12345678 ACCEPT", nullptr},
      {"ids alone", "eni-1235b8ca vpc-12345678", nullptr},
      {"capitals", "Version Start End", "version start end"},
      {"two words in capitals", "Start End", nullptr},
      {"prose", "this is the start of the end", nullptr},
      {"nothing", "", nullptr},
      {"blanks", " \t ", nullptr},
  };
  for (const auto& c : cases) {
    const auto header = read_header(c.line, {});
    ASSERT_EQ(header.has_value(), c.header != nullptr) << c.why;
    EXPECT_EQ(is_header_line(c.line), c.header != nullptr) << c.why;
    if (header) {
      ASSERT_TRUE(header->format) << c.why << header->problem;
      EXPECT_EQ(header->format->header(), c.header) << c.why;
    }
  }
}

TEST(ReadHeader, RefusesAbsurdlyManyFields) {
  std::string line = "srcaddr";
  for (int i = 0; i < 100'000; ++i) line += " dstaddr";
  EXPECT_FALSE(read_header(line, {}));
}

TEST(ReadHeader, KeepsBothOfTwoColumnsThatDiffer) {
  const std::string_view header = "srcaddr bytes srcaddr";
  EXPECT_EQ(read_header(header, "1.2.3.4 5 1.2.3.4\n")->format->header(), "srcaddr bytes");
  const auto both = read_header(header, "1.2.3.4 5 1.2.3.4\n1.2.3.4 5 1.2.3.5\n");
  EXPECT_EQ(both->format->header(), "srcaddr bytes srcaddr-repeated");
  EXPECT_EQ(both->format->tokens(), 3U);
}

TEST(ReadHeader, NamesTheWordThatIsNoName) {
  const auto header = read_header("version srcaddr | bytes", {});
  ASSERT_TRUE(header);
  EXPECT_FALSE(header->format);
  EXPECT_EQ(header->problem, "'|' cannot be the name of a field");
}

}  // namespace
}  // namespace weir::decode
