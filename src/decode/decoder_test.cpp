// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "decode/decode_testing.hpp"

namespace weir::decode {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kHeader =
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start "
    "end action log-status\n";
const std::string kAccept =
    "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 "
    "1418530070 ACCEPT OK";
const std::string kNoData =
    "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA";
const std::string kIpv6 =
    "2 123456789010 eni-1235b8ca123456789 2001:db8:1234:a100:8d6e:3477:df66:f105 "
    "2001:db8:1234:a102:3304:8879:34cf:4071 34892 22 6 54 8855 1477913708 1477913820 ACCEPT OK";

TEST(Decoder, ReadsTheDefaultFormatWithAndWithoutAHeader) {
  const std::string lines = kAccept + '\n' + kNoData + '\n' + kIpv6 + '\n';
  const Decoded bare = decode_text(lines);
  EXPECT_THAT(bare.records, ElementsAre(kAccept, kNoData, kIpv6));
  ASSERT_EQ(bare.report.formats.size(), 1U);
  EXPECT_EQ(bare.report.formats[0].origin, FormatOrigin::inferred);
  EXPECT_EQ(bare.report.formats[0].records, 3U);

  const Decoded headed = decode_text(kHeader + lines);
  EXPECT_THAT(headed.records, ElementsAre(kAccept, kNoData, kIpv6));
  ASSERT_EQ(headed.report.formats.size(), 1U);
  EXPECT_EQ(headed.report.formats[0].origin, FormatOrigin::header);
  EXPECT_EQ(headed.report.headers, 1U);
}

TEST(Decoder, ReadsEveryOddityOfALine) {
  const struct {
    const char* why;
    std::string text;
    std::vector<std::string> records;
  } cases[] = {
      {"runs of blanks", "srcport  dstport\n 1   2  \n\t3\t4\n", {"1 2", "3 4"}},
      {"CRLF", "srcport dstport\r\n1 2\r\n", {"1 2"}},
      {"no final newline", "srcport dstport\n1 2", {"1 2"}},
      {"blank lines", "\n\nsrcport dstport\n\n1 2\n   \n", {"1 2"}},
      {"a missing value in any field",
       "version account-id start log-status\n- - - -\n",
       {"- - - -"}},
      {"account unknown", "account-id srcport\nunknown 1\n", {"unknown 1"}},
      {"leading zeros of an account stay",
       "account-id srcport\n000000000012 007\n",
       {"000000000012 7"}},
      {"any spelling of IPv6",
       "srcaddr dstaddr\n2001:DB8:0:0:0:0:0:1 ::ffff:10.0.0.1\n",
       {"2001:db8::1 10.0.0.1"}},
      {"milliseconds become seconds (observed: flowlogs-reader)",
       "start end\n1512564058000 1512564059999\n",
       {"1512564058 1512564059"}},
      {"underscores in the header", "src_addr srcport\n", {}},
      {"a header repeated in the middle",
       "srcport dstport\n1 2\nsrcport dstport\n3 4\n",
       {"1 2", "3 4"}},
      {"another header in the middle",
       "srcport dstport\n1 2\ndstport srcport action\n3 4 REJECT\n",
       {"1 2", "3 4 REJECT"}},
      {"an unknown field is a text column",
       "srcport new-field action\n1 x%20y OK\n",
       {"1 x%20y OK"}},
      {"tags are percent-decoded", "instance-tag srcport\nweb%20tier 1\n", {"web tier 1"}},
      {"comments are passed over", "# a note\nsrcport dstport\n1 2\n  # 3 4\n", {"1 2"}},
      {"64-bit counters", "packets bytes\n18446744073709551615 0\n", {"18446744073709551615 0"}},
      {"values outside AWS's sets stay (observed: take-home-samples)",
       "protocol action log-status srcport\n255 SUCCESS GO_AWAY 65535\n",
       {"255 SUCCESS GO_AWAY 65535"}},
  };
  for (const auto& c : cases) {
    const Decoded decoded = decode_text(c.text);
    EXPECT_FALSE(decoded.error) << c.why << ": " << (decoded.error ? decoded.error->message : "");
    EXPECT_EQ(decoded.records, c.records) << c.why;
    EXPECT_EQ(decoded.report.rejected, 0U) << c.why;
  }
}

TEST(Decoder, NeverReadsTheLinesBelowAHeaderByTheFormatBeforeIt) {
  const std::string first = "version srcaddr dstaddr bytes\n2 10.0.0.1 10.0.0.2 5\n";
  const struct {
    const char* why;
    std::string text;
    std::vector<std::string> records;
    std::uint64_t rejected;
  } cases[] = {
      {"a name twice",
       first + "version srcaddr srcaddr bytes\n2 10.0.0.3 10.0.0.3 6\n",
       {"2 10.0.0.1 10.0.0.2 5", "2 10.0.0.3 6"},
       0},
      {"in capitals",
       first + "VERSION DSTADDR SRCADDR BYTES\n2 10.0.0.3 10.0.0.4 6\n",
       {"2 10.0.0.1 10.0.0.2 5", "2 10.0.0.3 10.0.0.4 6"},
       0},
      {"not understood, until the next one",
       first +
           "version srcaddr dstaddr = packets\n2 10.0.0.3 10.0.0.4 6 7\n2 10.0.0.3 10.0.0.4 6\n" +
           first,
       {"2 10.0.0.1 10.0.0.2 5", "2 10.0.0.1 10.0.0.2 5"},
       3},
      {"the first one is not understood",
       "version srcaddr dstaddr =\n2 10.0.0.3 10.0.0.4 6\n" + first,
       {"2 10.0.0.1 10.0.0.2 5"},
       2},
  };
  for (const auto& c : cases) {
    const Decoded decoded = decode_text(c.text);
    EXPECT_FALSE(decoded.error) << c.why << ": " << (decoded.error ? decoded.error->message : "");
    EXPECT_EQ(decoded.records, c.records) << c.why;
    EXPECT_EQ(decoded.report.rejected, c.rejected) << c.why;
  }
}

TEST(Decoder, SeesHeadersThatAreGluedToTheEndOfALine) {
  const std::string header = "version srcaddr bytes log-status";
  const std::string other = "srcaddr bytes action\n";
  const struct {
    const char* why;
    std::string text;
    std::vector<std::string> records;
    std::uint64_t headers;
  } cases[] = {
      {"the same header",
       header + "\n2 1.1.1.1 5 OK" + header + "\n2 1.1.1.2 6 OK\n",
       {"2 1.1.1.1 5 OK", "2 1.1.1.2 6 OK"},
       2},
      {"another one, and again",
       header + "\n2 1.1.1.1 5 OK" + other + "1.1.1.2 6 ACCEPT" + header + "\n2 1.1.1.3 7 -" +
           other + "1.1.1.4 8 -\n",
       {"2 1.1.1.1 5 OK", "1.1.1.2 6 ACCEPT", "2 1.1.1.3 7 -", "1.1.1.4 8 -"},
       4},
      {"to a file without records", header + header + "\n2 1.1.1.1 5 OK\n", {"2 1.1.1.1 5 OK"}, 2},
      {"to a file without records, twice",
       header + header + header + "\n2 1.1.1.1 5 OK",
       {"2 1.1.1.1 5 OK"},
       3},
      {"at the very end", header + "\n2 1.1.1.1 5 OK" + header, {"2 1.1.1.1 5 OK"}, 2},
      {"CRLF",
       header + "\r\n2 1.1.1.1 5 OK" + header + "\r\n2  1.1.1.2 6 OK\r\n",
       {"2 1.1.1.1 5 OK", "2 1.1.1.2 6 OK"},
       2},
      {"a longer name that ends like a shorter one",
       "bytes srcaddr\n5 1.1.1.1pkt-srcaddr bytes end\n1.1.1.2 6 7\n",
       {"5 1.1.1.1", "1.1.1.2 6 7"},
       2},
      {"a name that is not known yet is no glue",
       "my-srcaddr dstaddr bytes\nx 1.1.1.1 5\n",
       {"x 1.1.1.1 5"},
       1},
  };
  for (const auto& c : cases) {
    const Decoded decoded = decode_text(c.text);
    EXPECT_FALSE(decoded.error) << c.why << ": " << (decoded.error ? decoded.error->message : "");
    EXPECT_EQ(decoded.records, c.records) << c.why;
    EXPECT_EQ(decoded.report.rejected, 0U) << c.why;
    EXPECT_EQ(decoded.report.headers, c.headers) << c.why;
  }
}

TEST(Decoder, NamesThePlaceOfLinesBehindAGluedHeader) {
  const Decoded decoded = decode_text(
      "srcaddr bytes end\n1.1.1.1 5 6srcaddr bytes end\n1.1.1.1 5 6srcaddr x bytes end\n1 2\n");
  EXPECT_EQ(decoded.records.size(), 2U);
  ASSERT_EQ(decoded.report.samples.size(), 1U);
  EXPECT_EQ(decoded.report.samples[0].line, 4U);
}

TEST(Decoder, CountsAndSamplesWhatIsNoRecord) {
  const struct {
    const char* why;
    std::string line;
    RejectReason reason;
    std::uint32_t column;
    const char* detail;
  } cases[] = {
      {"too few", "1 2", RejectReason::field_count, 4, "2 fields, the header has 3"},
      {"too many", "1 10.0.0.1 3 4", RejectReason::field_count, 14, "4 fields, the header has 3"},
      {"no number", "NaN 10.0.0.1 3", RejectReason::number, 1, "srcport: 'NaN' is not a number"},
      {"negative", "-1 10.0.0.1 3", RejectReason::number, 1, "srcport: '-1' is not a number"},
      {"a port that no packet can have", "65536 10.0.0.1 3", RejectReason::number, 1,
       "srcport: 65536 is larger than 65535"},
      {"too large for 64 bits", "1 10.0.0.1 18446744073709551616", RejectReason::number, 12,
       "bytes: 18446744073709551616 is larger than 18446744073709551615"},
      {"no address", "1 10.0.0.256 3", RejectReason::address, 3,
       "srcaddr: '10.0.0.256' is not an address"},
      {"rubbish", "\x01\x02\x03", RejectReason::encoding, 0, "control bytes: this is not text"},
  };
  for (const auto& c : cases) {
    const Decoded decoded =
        decode_text("srcport srcaddr bytes\n1 10.0.0.1 2\n" + c.line + "\n3 10.0.0.2 4\n");
    EXPECT_THAT(decoded.records, ElementsAre("1 10.0.0.1 2", "3 10.0.0.2 4")) << c.why;
    EXPECT_EQ(decoded.report.rejected, 1U) << c.why;
    ASSERT_EQ(decoded.report.samples.size(), 1U) << c.why;
    const Reject& reject = decoded.report.samples[0];
    EXPECT_EQ(reject.reason, c.reason) << c.why;
    EXPECT_EQ(reject.line, 3U) << c.why;
    EXPECT_EQ(reject.column, c.column) << c.why;
    EXPECT_EQ(reject.detail, c.detail) << c.why;
    EXPECT_EQ(reject.text, c.line) << c.why;
  }
}

TEST(Decoder, ConvertsOnlyTheColumnsAskedFor) {
  DecodeOptions options;
  options.fields = FieldSet();
  options.fields.add(FieldId::dstport);
  const Decoded decoded = decode_text("srcport srcaddr dstport\nNaN nowhere 22\n", options);
  EXPECT_THAT(decoded.records, ElementsAre("? ? 22")) << "what nobody needs is not judged";
}

TEST(Decoder, StopsAtTheFirstBadLineUnderStrict) {
  DecodeOptions options;
  options.strict = true;
  const Decoded decoded = decode_text("srcport dstport\n1 2\n3 x\n5 6\n", options);
  ASSERT_TRUE(decoded.error);
  EXPECT_EQ(decoded.error->code, ErrorCode::malformed);
  EXPECT_EQ(decoded.error->where, "test.log:3:3");
  EXPECT_EQ(decoded.error->excerpt, "3 x\n  ^");
  EXPECT_THAT(decoded.records, ElementsAre("1 2")) << "nothing after the bad line";
  const Decoded split = decode_text("srcport dstport\n1 2\n3 x\n5\n6 7\n", options);
  EXPECT_EQ(split.error->where, "test.log:3:3") << "the first in the object, not the first found";
  EXPECT_THAT(split.records, ElementsAre("1 2"));
  const Decoded short_line = decode_text("srcport dstport\n1 2\n3\n5 6\n", options);
  EXPECT_EQ(short_line.error->where, "test.log:3:2");
  EXPECT_THAT(short_line.records, ElementsAre("1 2"));
}

TEST(Decoder, TellsEveryReject) {
  std::vector<std::uint64_t> lines;
  DecodeOptions options;
  options.on_reject = [&](const std::string& object, const Reject& reject) {
    EXPECT_EQ(object, "test.log");
    lines.push_back(reject.line);
  };
  std::string text = "srcport dstport\n";
  for (int i = 0; i < 5000; ++i) text += i % 2 == 0 ? "1 2\n" : "x y\n";
  const Decoded decoded = decode_text(text, options);
  EXPECT_EQ(decoded.records.size(), 2500U);
  EXPECT_EQ(decoded.report.rejected, 2500U);
  EXPECT_EQ(decoded.report.samples.size(), kRejectSamples);
  ASSERT_EQ(lines.size(), 2500U);
  EXPECT_EQ(lines.front(), 3U);
  EXPECT_EQ(lines.back(), 5001U);
}

TEST(Decoder, ReadsSeveralFormatsInOneHeaderlessStream) {
  const std::string version5 =
      "5 123456789010 eni-1235b8ca123456789 10.0.0.1 10.0.0.2 443 49152 6 20 4249 1616729292 "
      "1616729349 ACCEPT OK vpc-abcdefab012345678 subnet-aaaaaaaa012345678 - 19 IPv4 10.0.0.1 "
      "10.0.0.2 eu-west-1 euw1-az3 - - S3 - ingress -";
  const Decoded decoded = decode_text(kAccept + '\n' + version5 + '\n' + kNoData + '\n');
  EXPECT_THAT(decoded.records, ElementsAre(kAccept, version5, kNoData));
  EXPECT_EQ(decoded.report.formats.size(), 2U);
}

TEST(Decoder, PrefersAHeaderToTheCallersFormat) {
  DecodeOptions options;
  options.format = std::make_shared<Format>(*Format::parse("${dstport} ${srcport}"));
  EXPECT_EQ(decode_text("1 2\n", options).report.formats[0].format->header(), "dstport srcport");
  EXPECT_EQ(decode_text("srcport dstport\n1 2\n", options).report.formats[0].origin,
            FormatOrigin::header);
  const Decoded wrong = decode_text("1 2 3\n4 5\n", options);
  EXPECT_THAT(wrong.records, ElementsAre("4 5"));
  EXPECT_EQ(wrong.report.samples[0].detail, "3 fields, --format has 2");
}

TEST(Decoder, ChoosesADescribedFormatByFlowLogIdOrTokens) {
  DecodeOptions options;
  options.described = {{.flow_log_id = "fl-0000aaaa",
                        .log_group = {},
                        .format = std::make_shared<Format>(*Format::parse("srcaddr dstport"))},
                       {.flow_log_id = "fl-0000bbbb",
                        .log_group = {},
                        .format = std::make_shared<Format>(*Format::parse("dstport srcaddr"))},
                       {.flow_log_id = "fl-0000cccc",
                        .log_group = {},
                        .format = std::make_shared<Format>(*Format::parse("dstaddr srcport"))}};
  const Decoded by_tokens = decode_text("22 10.0.0.1\n", options);
  ASSERT_EQ(by_tokens.report.formats.size(), 1U);
  EXPECT_EQ(by_tokens.report.formats[0].format->header(), "dstport srcaddr");
  EXPECT_EQ(by_tokens.report.formats[0].origin, FormatOrigin::described);

  const Decoded ambiguous = decode_text("10.0.0.1 22\n", options);
  ASSERT_TRUE(ambiguous.error);
  EXPECT_EQ(ambiguous.error->code, ErrorCode::ambiguous);
  EXPECT_THAT(ambiguous.error->message, HasSubstr("fl-0000aaaa; fl-0000cccc"));

  const Decoded by_name =
      decode_text("10.0.0.1 22\n", options, "1_vpcflowlogs_x_fl-0000cccc_1.log");
  ASSERT_EQ(by_name.report.formats.size(), 1U);
  EXPECT_EQ(by_name.report.formats[0].format->header(), "dstaddr srcport");
}

TEST(Decoder, SaysWhyTextIsNoFlowLog) {
  const Decoded prose = decode_text("Dear reader,\nthis is no flow log at all.\n");
  ASSERT_TRUE(prose.error);
  EXPECT_EQ(prose.error->code, ErrorCode::no_flow_log);
  EXPECT_THAT(prose.error->message, HasSubstr("no header line"));
  const Decoded custom = decode_text("10.0.0.1 10.0.0.2 22\n");
  ASSERT_TRUE(custom.error);
  EXPECT_THAT(custom.error->message, HasSubstr("no known format has 3 fields"));
  EXPECT_THAT(custom.error->hint, HasSubstr("--format"));
  const Decoded nothing_told = decode_text("- - - - - - - - - - - - - -\n");
  ASSERT_TRUE(nothing_told.error);
  EXPECT_EQ(nothing_told.error->code, ErrorCode::ambiguous);
}

TEST(Decoder, ReadsNothingFromEmptyAndBlankObjects) {
  for (const char* text : {"", "\n", "\r\n\n", "# nothing\n"}) {
    const Decoded decoded = decode_text(text);
    EXPECT_FALSE(decoded.error) << text;
    EXPECT_THAT(decoded.records, IsEmpty()) << text;
    EXPECT_EQ(decoded.report.rejected, 0U) << text;
  }
  EXPECT_THAT(decode_text(kHeader).records, IsEmpty());
}

TEST(Decoder, CountsLinesBeforeTheFirstHeader) {
  const Decoded decoded = decode_text("not a record\n" + kHeader + kAccept + '\n');
  EXPECT_THAT(decoded.records, ElementsAre(kAccept));
  EXPECT_EQ(decoded.report.rejected, 1U);
}

/// Random records of random formats survive decoding, whatever stands around them.
TEST(DecoderProperty, DecodingIsTheInverseOfWriting) {
  std::mt19937_64 random(20261122);
  const auto catalogue = field_catalogue();
  for (int round = 0; round < 200; ++round) {
    std::vector<FieldId> ids;
    for (const FieldInfo& field : catalogue) {
      if (random() % 4 == 0) ids.push_back(field.id);
    }
    if (ids.empty()) ids.push_back(FieldId::srcport);
    std::shuffle(ids.begin(), ids.end(), random);
    const Format format = Format::from_ids(ids);
    std::string text = format.header() + '\n';
    std::vector<std::string> expected;
    for (std::uint64_t row = 0; row < random() % 5000; ++row) {
      std::string line;
      for (const FormatField& field : format.fields()) {
        if (!line.empty()) line += ' ';
        if (random() % 8 == 0) {
          line += '-';
        } else if (field.type == FieldType::number) {
          line += std::to_string(random() % (field_info(field.id).max / 2 + 1));
        } else if (field.type == FieldType::time) {
          line += std::to_string(random() % 99'999'999'999);
        } else if (field.type == FieldType::address) {
          line += to_string(random() % 2 == 0 ? Ip::from_ipv4(static_cast<std::uint32_t>(random()))
                                              : Ip{.high = random(), .low = random()});
        } else {
          line += "text-" + std::to_string(random() % 100);
        }
      }
      text += line + '\n';
      expected.push_back(std::move(line));
    }
    const Decoded decoded = decode_text(text);
    ASSERT_FALSE(decoded.error) << decoded.error->message << " in round " << round;
    ASSERT_EQ(decoded.records, expected) << "round " << round;
    ASSERT_EQ(decoded.report.rejected, 0U);
  }
}

}  // namespace
}  // namespace weir::decode
