// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "envelope/envelope_testing.hpp"

namespace weir::envelope {
namespace {

using namespace envelope_testing;

TEST(FieldCsv, BecomesLinesOfItsOwnFormat) {
  const struct {
    const char* why;
    std::string bytes;
    const char* format;
    std::vector<std::string> lines;
  } cases[] = {
      {"Athena quotes every value; null is empty",
       "\"account_id\",\"srcaddr\",\"bytes\"\n\"000000000012\",\"10.0.0.1\",\"40\"\n"
       "\"000000000012\",\"\",\"\"\n",
       "account-id srcaddr bytes",
       {"000000000012 10.0.0.1 40", "000000000012 - -"}},
      {"hyphens, CR LF, no final newline",
       "account-id,pkt-srcaddr,start\r\n123456789010,2001:db8::1,1418530010",
       "account-id pkt-srcaddr start",
       {"123456789010 2001:db8::1 1418530010"}},
      {"unknown columns become text, blanks in them are encoded",
       "srcaddr,dstaddr,my team\n10.0.0.1,10.0.0.2,\"web tier, 100%\"\n",
       "srcaddr dstaddr my-team",
       {"10.0.0.1 10.0.0.2 web%20tier,%20100%25"}},
      {"a column that comes twice, and CloudWatch's own, are left out",
       "srcaddr,@timestamp,srcaddr\n10.0.0.1,x,10.0.0.2\n",
       "srcaddr",
       {"10.0.0.1"}},
      {"the table of Athena's old guide",
       "account,interfaceid,sourceaddress,numbytes,starttime\nunknown,eni-1,10.0.0.1,40,1\n",
       "account-id interface-id srcaddr bytes start",
       {"unknown eni-1 10.0.0.1 40 1"}},
      {"Athena's from_unixtime()",
       "srcaddr,start\n10.0.0.1,2014-12-14 04:06:50.000\n10.0.0.1,2014-12-14 04:06:50.000 UTC\n",
       "srcaddr start",
       {"10.0.0.1 1418530010", "10.0.0.1 1418530010"}},
      {"TSV as weir and databases write it",
       "srcaddr\tinstance_tag\n10.0.0.1\t\"web\\ttier\\\\\n-\t\\-\n10.0.0.2\t\\N\n",
       "srcaddr instance-tag",
       {"10.0.0.1 \"web%09tier\\", "- %2D", "10.0.0.2 -"}},
      {"TSV with quotes",
       "\"srcaddr\"\t\"instance_tag\"\n\"10.0.0.1\"\t\"a \"\"b\"\"\"\n",
       "srcaddr instance-tag",
       {"10.0.0.1 a%20\"b\""}},
      {"one quoted column", "\"srcaddr\"\n\"10.0.0.1\"\n\"\"\n", "srcaddr", {"10.0.0.1", "-"}},
      {"capitals, camelCase, ${...}",
       "SrcAddr,${dstaddr},logStatus\n10.0.0.1,10.0.0.2,OK\n",
       "srcaddr dstaddr log-status",
       {"10.0.0.1 10.0.0.2 OK"}},
      {"glued to another header, the record stays",
       "srcaddr,bytes,action\n10.0.0.1,1,-srcaddr,bytes,action\n10.0.0.2,2,ACCEPT\n",
       "srcaddr bytes action",
       {"10.0.0.1 1 -", "10.0.0.2 2 ACCEPT"}},
      {"glued between quotes",
       "\"srcaddr\",\"bytes\",\"action\"\n\"10.0.0.1\",\"1\",\"ACCEPT\"\"srcaddr\",\"bytes\","
       "\"action\"\n"
       "\"10.0.0.2\",\"2\",\"ACCEPT\"\n",
       "srcaddr bytes action",
       {"10.0.0.1 1 ACCEPT", "10.0.0.2 2 ACCEPT"}},
      {"files one after the other repeat their header",
       "srcaddr,bytes\n10.0.0.1,1\nsrcaddr,bytes\n10.0.0.2,2\n",
       "srcaddr bytes",
       {"10.0.0.1 1", "10.0.0.2 2"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    for (const std::size_t chunk : {1, 2, 3, 7, 4096}) {
      const Reading reading = read_all(c.bytes, chunk);
      EXPECT_EQ(reading.kind, EnvelopeKind::field_csv);
      EXPECT_EQ(reading.texts(), c.lines);
      EXPECT_EQ(reading.formats, std::vector<std::string>{c.format});
      EXPECT_TRUE(reading.rejects.empty());
    }
  }
}

TEST(FieldCsv, BrokenRowsAreRejectsAndCostNoOthers) {
  const Reading reading =
      read_all("srcaddr,bytes\n10.0.0.1\n10.0.0.2,2\n\"10.0.0.3\"x,3\n10.0.0.4,4\n\"10.0.0.5,5\n");
  EXPECT_EQ(reading.lines, (std::vector<Line>{{3, 0, "10.0.0.2 2"}, {5, 0, "10.0.0.4 4"}}));
  ASSERT_EQ(reading.rejects.size(), 3u);
  const struct {
    std::uint64_t line;
    const char* detail;
    const char* text;
  } expected[] = {{2, "1 cells, the header has 2", "10.0.0.1"},
                  {4, "text after a closing quote", "\"10.0.0.3\"x,3"},
                  {6, "a quote is opened and never closed", "\"10.0.0.5,5"}};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(reading.rejects[i].reason, RejectReason::csv);
    EXPECT_EQ(reading.rejects[i].line, expected[i].line);
    EXPECT_EQ(reading.rejects[i].detail, expected[i].detail);
    EXPECT_EQ(reading.rejects[i].text, expected[i].text);
  }
}

TEST(MessageCsv, MessagesMayBeJsonAndMustBeThere) {
  const std::string bytes =
      "timestamp,message\n1,\"{\"\"srcaddr\"\":\"\"10.0.0.1\"\",\"\"bytes\"\":40}\"\n2\n3,\"{"
      "\"\"a\"\":1}\"\n"
      "4,\"{oops\"\n5,\n6,START RequestId\n";
  const Reading reading = read_all(bytes);
  EXPECT_EQ(reading.kind, EnvelopeKind::message_csv);
  EXPECT_EQ(reading.lines, (std::vector<Line>{{2, 3, "10.0.0.1 40"}, {7, 2, "START RequestId"}}));
  EXPECT_EQ(reading.passed_over, 1u);
  ASSERT_EQ(reading.rejects.size(), 3u);
  EXPECT_EQ(reading.rejects[0].line, 3u);
  EXPECT_EQ(reading.rejects[0].detail, "1 cells, the message is cell 2 of the header");
  EXPECT_EQ(reading.rejects[1].line, 4u);
  EXPECT_EQ(reading.rejects[2].line, 5u);
}

TEST(RecogniseCsv, AHeaderOfBlanksIsAFlowLogsOwn) {
  EXPECT_EQ(read_all("version account-id\n2 123456789010\n").kind, EnvelopeKind::bare_lines);
  EXPECT_EQ(read_all("srcaddr\n10.0.0.1\n").kind, EnvelopeKind::bare_lines);
  EXPECT_EQ(read_all("name,age\nx,1\n").kind, EnvelopeKind::bare_lines) << "no field name";
  EXPECT_EQ(read_all("a,b,c,srcaddr\n").kind, EnvelopeKind::bare_lines) << "a quarter of them";
}

}  // namespace
}  // namespace weir::envelope
