// SPDX-License-Identifier: Apache-2.0
#include "weir/guess.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "decode/invented_lines_testing.hpp"

namespace weir {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

FormatGuess guess(const Format& format, std::size_t count,
                  const decode::InventedTraffic& traffic = {}) {
  return guess_format(lines_of(decode::invented_lines(format, count, traffic)));
}

/// What is called certain or likely is right, and what is only possible names the truth among the
/// fields that fit, if it names any.
void expect_honest(const Format& format, const FormatGuess& guess) {
  ASSERT_EQ(guess.columns.size(), format.size());
  for (std::size_t i = 0; i < format.size(); ++i) {
    const GuessedColumn& column = guess.columns[i];
    const std::string& truth = format.fields()[i].name;
    EXPECT_FALSE(column.why.empty()) << "column " << i + 1;
    if (column.certainty <= GuessCertainty::likely) {
      EXPECT_EQ(column.field, truth)
          << "column " << i + 1 << " (" << column.why << ") of " << format.header();
    } else if (column.field != truth && !column.others.empty()) {
      EXPECT_THAT(column.others, Contains(truth))
          << "column " << i + 1 << " (" << column.field << ") of " << format.header();
    }
  }
}

TEST(Guess, WhatIsCalledCertainOrLikelyIsRightInAnyOrderOfAnyFields) {
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same formats in every run
  std::vector<FieldId> fields;
  for (const FieldInfo& info : field_catalogue()) {
    if (info.family != LogFamily::transit_gateway && info.version <= 10) fields.push_back(info.id);
  }
  for (int round = 0; round < 200; ++round) {
    std::shuffle(fields.begin(), fields.end(), random);
    const std::size_t count = 3 + random() % 30;
    const Format format = Format::from_ids(std::span(fields).first(count));
    // Nobody asks for the packet's addresses alone; then they are what two columns look like.
    const auto has = [&](FieldId id) { return format.has(id); };
    if ((has(FieldId::pkt_srcaddr) || has(FieldId::pkt_dstaddr)) &&
        !(has(FieldId::srcaddr) && has(FieldId::dstaddr))) {
      continue;
    }
    const decode::InventedTraffic traffic{.ipv6 = round % 3 == 0,
                                          .ecs = round % 4 == 0,
                                          .only_nodata = round % 7 == 0,
                                          .managed = round % 5 == 0};
    expect_honest(format, guess(format, 1 + random() % 120, traffic));
  }
}

TEST(Guess, ProposesTheWholeFormatWhereTheValuesTell) {
  const struct {
    const char* what;
    const char* format;
  } cases[] = {
      {"version 2 and flags",
       "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
       "start end action log-status tcp-flags"},
      {"bytes before packets",
       "version account-id interface-id srcaddr dstaddr srcport dstport protocol bytes packets "
       "start end action log-status"},
      {"end before start, action first",
       "action end start interface-id srcaddr dstaddr srcport dstport protocol packets bytes"},
      {"the alphabet",
       "action bytes dstaddr dstport end flow-direction interface-id log-status packets protocol "
       "srcaddr srcport start tcp-flags traffic-path version vpc-id"},
      {"destination first, told by flow-direction and SYN",
       "interface-id dstaddr srcaddr dstport srcport protocol tcp-flags flow-direction packets "
       "bytes"},
  };
  for (const auto& c : cases) {
    const Format format = *Format::parse(c.format);
    const FormatGuess found = guess(format, 200);
    EXPECT_EQ(Format::parse_log_format(found.format())->header(), format.header()) << c.what;
    expect_honest(format, found);
  }
}

TEST(Guess, SaysWhatCannotBeToldApart) {
  const Format format = *Format::parse("srcaddr dstaddr srcport dstport action");
  const FormatGuess found = guess(format, 100);
  EXPECT_EQ(found.format(), "${srcaddr} ${dstaddr} ${srcport} ${dstport} ${action}");
  EXPECT_EQ(found.columns[0].certainty, GuessCertainty::possible);
  EXPECT_THAT(found.columns[0].others, Contains("dstaddr"));
  EXPECT_THAT(found.columns[2].others, Contains("dstport"));
  EXPECT_EQ(found.columns[4].certainty, GuessCertainty::certain);
}

TEST(Guess, ColumnsOfWhichNothingIsKnownHaveANameThatFormatTakes) {
  const FormatGuess found =
      guess_format(std::vector<std::string>{"x ACCEPT - eni-0123abcd", "y REJECT - eni-0123abcd"});
  EXPECT_EQ(found.format(), "${column-1} ${action} ${column-3} ${interface-id}");
  EXPECT_EQ(found.columns[0].certainty, GuessCertainty::unknown);
  EXPECT_THAT(found.columns[2].why, HasSubstr("nothing but -"));
  EXPECT_TRUE(Format::parse_log_format(found.format()));
}

TEST(Guess, NodataAloneTellsLittleAndSaysSo) {
  const FormatGuess found = guess(*Format::parse("log-status bytes packets srcaddr interface-id"),
                                  20, {.only_nodata = true});
  EXPECT_EQ(found.format(), "${log-status} ${column-2} ${column-3} ${column-4} ${interface-id}");
}

TEST(Guess, NamesTheKnownOrderThatIsReadAnyway) {
  EXPECT_EQ(guess(Format::default_vpc(), 50).known, "default v2");
  EXPECT_EQ(guess(Format::default_vpc(), 50).format(),
            "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} "
            "${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}");
}

TEST(Guess, RubbishIsNoReasonToCrash) {
  for (const char* const line : {"", " ", "-", "- - - - - - - - -", "1 1 1 1 1 1 1 1 1 1 1 1 1 1",
                                 "99999999999999999999999999 x", "\xff\xfe \x01"}) {
    const FormatGuess found = guess_format(std::vector<std::string>(3, line));
    for (const GuessedColumn& column : found.columns) EXPECT_FALSE(column.field.empty());
  }
}

}  // namespace
}  // namespace weir
