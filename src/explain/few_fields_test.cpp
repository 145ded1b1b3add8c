// SPDX-License-Identifier: Apache-2.0
// Records that lack most of what a sentence is made of, and what holds for every record.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "explain/record_testing.hpp"
#include "weir/explain.hpp"

namespace weir::explain {
namespace {

TEST(ExplainRecord, AttachmentAlone) {
  constexpr std::string_view kFormat = "tgw-attachment-id";
  const SentenceExample examples[] = {
      {"attachment alone", "tgw-attach-1",
       "Traffic was recorded. It used attachment tgw-attach-1."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, HalfASideEach) {
  constexpr std::string_view kFormat = "tgw-src-vpc-account-id tgw-dst-vpc-id";
  const SentenceExample examples[] = {
      {"half a side each", "111111111111 vpc-b",
       "Traffic was recorded. It goes from account 111111111111 to vpc-b."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, StatusAlone) {
  constexpr std::string_view kFormat = "log-status";
  const SentenceExample examples[] = {
      {"normal", "OK", "Traffic was recorded: log-status OK."},
      {"no data", "NODATA", "No traffic was seen (NODATA)."},
      {"skipped", "SKIPDATA",
       "AWS dropped flow log records, for lack of internal capacity or because of an error "
       "(SKIPDATA). It does not log how many, so totals of this window are lower bounds."},
      {"missing", "-", "All fields of this record are missing."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, TwoFields) {
  constexpr std::string_view kFormat = "srcaddr bytes";
  const SentenceExample examples[] = {
      {"two fields", "10.0.0.1 5", "Traffic from 10.0.0.1 was recorded: 5 bytes."},
      {"two missing fields", "- -", "All fields of this record are missing."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, NothingOfTheTraffic) {
  constexpr std::string_view kFormat = "region az-id";
  const SentenceExample examples[] = {
      {"nothing of the traffic", "us-east-1 use1-az1",
       "Traffic was recorded: region us-east-1 and az-id use1-az1."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, DestinationPortAlone) {
  constexpr std::string_view kFormat = "dstport";
  const SentenceExample examples[] = {
      {"destination port alone", "22", "Traffic (destination port 22, usually SSH) was recorded."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, SourcePortAlone) {
  constexpr std::string_view kFormat = "srcport";
  const SentenceExample examples[] = {
      {"source port alone", "22",
       "Traffic from the usual SSH port 22 (probably the reply side) was recorded."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, VersionAlone) {
  constexpr std::string_view kFormat = "version";
  const SentenceExample examples[] = {
      {"version alone", "7", "Traffic was recorded: version 7."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, UnknownFields) {
  constexpr std::string_view kFormat = "foo bar";
  const SentenceExample examples[] = {
      {"unknown fields", "1 -", "Traffic was recorded. Fields that weir does not know: foo 1."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, UnknownFieldsAreCounted) {
  constexpr std::string_view kFormat = "srcaddr a b c d e f";
  const SentenceExample examples[] = {
      {"many unknown fields", "10.0.0.1 1 2 3 4 5 6",
       "Traffic from 10.0.0.1 was recorded. Fields that weir does not know: a 1, b 2, c 3, d "
       "4, e 5 and 1 more."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, UnknownFieldWithoutTraffic) {
  constexpr std::string_view kFormat = "log-status foo";
  const SentenceExample examples[] = {
      {"unknown field of a record without traffic", "NODATA 1",
       "No traffic was seen (NODATA). Fields that weir does not know: foo 1."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, CustomSkipdata) {
  constexpr std::string_view kFormat =
      "interface-id log-status start end account-id instance-id subnet-id vpc-id";
  const SentenceExample examples[] = {
      {"custom SKIPDATA keeps what AWS knows of the interface",
       "eni-1 SKIPDATA 1700185000 1700185000 123456789010 i-1 subnet-1 vpc-1",
       "AWS dropped flow log records for eni-1 (instance i-1) of account 123456789010 at "
       "2023-11-17 01:36:40 UTC, for lack of internal capacity or because of an error "
       "(SKIPDATA). It does not log how many, so totals of this window are lower bounds."},
  };
  expect_sentences(kFormat, examples);
}

// Values of every field: usual ones, edges, and values that AWS does not document.
std::vector<std::string> values_of(const FieldInfo& info) {
  switch (info.type) {
    case FieldType::address:
      return {"10.0.0.1", "203.0.113.9", "2001:db8::1", "::1"};
    case FieldType::time:
      return {"1418530010", "1418530070", "0", "18446744073709551615"};
    case FieldType::number:
      return {std::string(info.example), "0", "1", "2", "6", "18", "22", "255", "256",
              "18446744073709551615"};
    case FieldType::text:
      break;
  }
  std::vector<std::string> values = {std::string(info.example), "undocumented"};
  for (const std::string_view value : words_of(info.values)) values.emplace_back(value);
  return values;
}

void expect_readable(const std::string& text, const std::string& record) {
  for (const char* flaw : {"  ", "()", " ,", " .", "..", " ;", ":.", ",.", "( ", " )", ": :"}) {
    EXPECT_EQ(text.find(flaw), std::string::npos) << '"' << flaw << "\" in " << text << record;
  }
  ASSERT_FALSE(text.empty()) << record;
  EXPECT_EQ(text.back(), '.') << text << record;
  EXPECT_NE(text.front(), ' ') << text << record;
}

TEST(ExplainRecord, AnySubsetOfFieldsReadsAsEnglish) {
  constexpr unsigned kSeed = 20141214;
  std::mt19937 random(kSeed);
  const auto below = [&](std::size_t limit) { return random() % limit; };
  for (int round = 0; round < 3000; ++round) {
    // Few fields or many, few nulls or many.
    const std::size_t field_odds = 1 + below(20);
    const std::size_t null_odds = 1 + below(8);
    std::string names = "log-status";
    std::string line = std::vector<std::string>{"OK", "-", "NODATA", "SKIPDATA", "ODD"}[below(5)];
    for (const FieldInfo& info : field_catalogue()) {
      if (info.id == FieldId::log_status || below(field_odds) != 0) continue;
      const std::vector<std::string> values = values_of(info);
      names += ' ' + std::string(info.name);
      line += ' ' + (below(null_odds) == 0 ? "-" : values[below(values.size())]);
    }
    if (below(5) == 0) {
      names += " tomorrow";
      line += " new";
    }
    const RecordFixture record = record_of(names, line);
    const std::string where = "\nseed " + std::to_string(kSeed) + '\n' + names + '\n' + line;
    expect_readable(explain_record(record.batch, 0, {}), where);
    const auto fields = explain_fields(record.batch, 0, {});
    ASSERT_EQ(fields.size(), record.batch.format->size());
    for (const FieldExplanation& field : fields) {
      EXPECT_FALSE(field.words.empty()) << field.name << where;
      EXPECT_EQ(field.words.find("  "), std::string::npos) << field.words << where;
    }
  }
}

}  // namespace
}  // namespace weir::explain
