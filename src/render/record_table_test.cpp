// SPDX-License-Identifier: Apache-2.0
// render: tables of records: what they show, what they say they do not show, how wide they are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "render/record_testing.hpp"
#include "weir/render.hpp"

namespace weir::render {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Style style_of(std::size_t width) {
  return {.color = false, .width = width, .unicode = true, .zone = {}};
}

std::string table(std::vector<TestRecords*> batches, const Style& style,
                  std::optional<Format> columns = {}) {
  StringSink sink;
  const auto writer = RecordWriter::create(OutputKind::table, sink, style, std::move(columns));
  for (TestRecords* records : batches) {
    EXPECT_TRUE(writer->write(records->batch(), records->all()));
  }
  EXPECT_TRUE(writer->finish());
  EXPECT_TRUE(writer->dropped_fields().empty()) << "tables name them in their notes";
  return sink.text();
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// Undoes the line breaks of notes.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char byte : text) {
    if (byte == '\n' || byte == ' ') {
      if (!line.ends_with(' ')) line += ' ';
    } else {
      line += byte;
    }
  }
  return line;
}

const std::vector<std::string> kDay = {
    "2 123456789010 eni-0a1b2c3d4e5f6a7b8 10.0.0.5 203.0.113.7 49152 443 6 12 4249 1795341600 "
    "1795341659 ACCEPT OK",
    "2 123456789010 eni-0a1b2c3d4e5f6a7b9 198.51.100.23 10.0.0.5 40111 22 6 1 40 1795341612 "
    "1795341620 REJECT OK",
    "2 123456789010 eni-0a1b2c3d4e5f6a7b9 - - - - - - - 1795341660 1795341719 - NODATA"};

TEST(RecordTable, FitsEightyColumns) {
  TestRecords records(Format::default_vpc(), kDay);
  EXPECT_EQ(table({&records}, style_of(80)),
            "start     action  srcaddr       srcport  dstaddr       dstport  protocol  bytes\n"
            "2026-11-22 UTC\n"
            "10:00:00  ACCEPT  10.0.0.5        49152  203.0.113.7       443  TCP     4.1 KiB\n"
            "10:00:12  REJECT  198.51.100.23   40111  10.0.0.5           22  TCP        40 B\n"
            "10:01:00  NODATA  -                   -  -                   -  -             -\n"
            "\n"
            "same in every record: version=2, account-id=123456789010\n"
            "not shown: end, packets, interface-id, log-status; widen the terminal or use -o\n"
            "  ndjson\n");
}

TEST(RecordTable, ShowsEverythingWhenItFits) {
  TestRecords records(Format::parse("version srcaddr dstaddr bytes start end action").value(),
                      {"2 10.0.0.5 203.0.113.7 4249 1795341600 1795341659 ACCEPT",
                       "2 10.0.0.5 203.0.113.7 40 1795341601 1795341601 REJECT"});
  EXPECT_EQ(table({&records}, style_of(100)),
            "start                  end  action  srcaddr          dstaddr              bytes  "
            "version\n"
            "2026-11-22 10:00:00   +59s  ACCEPT  10.0.0.5         203.0.113.7        4.1 KiB  "
            "      2\n"
            "2026-11-22 10:00:01    +0s  REJECT  10.0.0.5         203.0.113.7           40 B  "
            "      2\n"
            "\n"
            "times are UTC\n");
}

TEST(RecordTable, ShowsTheStatusInItsOwnColumnWhenThereIsOne) {
  TestRecords records(Format::default_vpc(), kDay);
  const std::vector<std::string> shown = lines_of(table({&records}, style_of(200)));
  ASSERT_EQ(shown.size(), 6U);
  EXPECT_THAT(shown[0], HasSubstr("interface-id           log-status  version  account-id"));
  EXPECT_THAT(shown[3], HasSubstr("+59s  -       -"));
  EXPECT_THAT(shown[3], HasSubstr("eni-0a1b2c3d4e5f6a7b9  NODATA            2  123456789010"));
}

TEST(RecordTable, ShowsTimesInTheZone) {
  TestRecords records(Format::from_ids(std::vector{FieldId::start, FieldId::end}),
                      {"1795390200 1795390260", "1795390200 1795390100", "- 1795390100"});
  Style style = style_of(80);
  style.zone = TimeZone::find("+02:00").value();
  EXPECT_EQ(table({&records}, style),
            "start                                end\n"
            "2026-11-23 01:30:00                 +60s\n"
            "2026-11-23 01:30:00  2026-11-23 01:28:20\n"
            "-                    2026-11-23 01:28:20\n"
            "\n"
            "times are +02:00\n")
      << "an end before its start, or without one, is shown as the instant it is";
}

TEST(RecordTable, TitlesLeanOnlyWhereAColumnWouldBeLostOtherwise) {
  TestRecords records(Format::default_vpc(), kDay);
  EXPECT_THAT(lines_of(table({&records}, style_of(80))).front(), HasSubstr("srcport  dstaddr"));
  EXPECT_THAT(lines_of(table({&records}, style_of(80)))[2], HasSubstr("49152  203.0.113.7"))
      << "narrow: the title of srcport leans over the blanks of srcaddr";
  const std::vector<std::string> wide = lines_of(table({&records}, style_of(90)));
  EXPECT_THAT(wide[0], HasSubstr("srcaddr         srcport"));
  EXPECT_THAT(wide[2], HasSubstr("10.0.0.5          49152"));
  EXPECT_THAT(wide[0], HasSubstr("protocol      bytes"));
}

TEST(RecordTable, NamesProtocolsAndFlagsButNotPorts) {
  TestRecords records(Format::parse("dstport protocol tcp-flags packets bytes").value(),
                      {"22 6 19 1234567 1536", "0 58 0 0 0", "53 250 - 1 999"});
  EXPECT_EQ(table({&records}, style_of(80)),
            "dstport  protocol  tcp-flags      packets      bytes\n"
            "     22  TCP       SYN-ACK+FIN  1,234,567    1.5 KiB\n"
            "      0  ICMPv6    none                 0        0 B\n"
            "     53  250       -                    1      999 B\n");
}

TEST(RecordTable, WritesTheDateWhereItChanges) {
  std::vector<std::string> lines = kDay;
  lines.push_back(
      "2 123456789010 eni-0a1b2c3d4e5f6a7b9 10.0.0.6 10.0.0.5 1 2 6 1 1 1795392000 1795392001 "
      "ACCEPT OK");
  TestRecords records(Format::default_vpc(), lines);
  const std::vector<std::string> shown = lines_of(table({&records}, style_of(80)));
  ASSERT_GT(shown.size(), 6U);
  EXPECT_EQ(shown[1], "2026-11-22 UTC");
  EXPECT_EQ(shown[5], "2026-11-23 UTC");
  EXPECT_THAT(shown[6], HasSubstr("00:00:00"));
}

TEST(RecordTable, KeepsDatesInTheRowsWhenDaysAlternate) {
  std::vector<std::string> lines;
  for (int i = 0; i < 20; ++i) {
    lines.push_back("2 123456789010 eni-0a1b2c3d4e5f6a7b9 10.0.0.6 10.0.0.5 1 2 6 1 1 " +
                    std::to_string(1795341600 + i % 2 * 86400) + " 1795341600 ACCEPT OK");
  }
  TestRecords records(Format::default_vpc(), lines);
  const std::string shown = table({&records}, style_of(80));
  EXPECT_THAT(shown, HasSubstr("2026-11-23 10:00:00"));
  EXPECT_THAT(shown, Not(HasSubstr("\n2026-11-23 UTC\n")));
}

TEST(RecordTable, CutsAddressesInTheMiddleAndSaysSo) {
  TestRecords records(
      Format::default_vpc(),
      {"2 123456789010 eni-0a1b2c3d4e5f6a7b8 2600:1f18:4a3:1c03:e514:5537:702c:a104 "
       "2600:1f18:4a3:1c00:4622:38b5:f0b8:2996 49152 443 6 12 4249 1795341600 1795341659 ACCEPT "
       "OK"});
  const std::string narrow = table({&records}, style_of(80));
  EXPECT_THAT(narrow, HasSubstr("2600:1f18"));
  EXPECT_THAT(narrow, HasSubstr("2c:a104"));
  EXPECT_THAT(narrow, HasSubstr("values with … are cut"));
  const std::string wide = table({&records}, style_of(160));
  EXPECT_THAT(wide, HasSubstr("2600:1f18:4a3:1c03:e514:5537:702c:a104"));
  EXPECT_THAT(wide, Not(HasSubstr("…")));
  Style ascii = style_of(80);
  ascii.unicode = false;
  EXPECT_THAT(table({&records}, ascii), HasSubstr("values with ... are cut"));
}

TEST(RecordTable, CutsWhatComesLaterAndIsWider) {
  const Format format = Format::parse("instance-tag").value();
  TestRecords first(format, {"web"});
  TestRecords later(format, {"a-long-name-of-a-machine"});
  const std::string shown = table({&first, &later}, style_of(80));
  EXPECT_THAT(shown, HasSubstr("…"));
  EXPECT_THAT(shown, HasSubstr("values with … are cut"));
}

TEST(RecordTable, TakesBackThatAFieldIsConstant) {
  TestRecords first(Format::default_vpc(), {kDay[0]});
  std::string other = kDay[0];
  other.replace(2, 12, "210987654321");
  TestRecords later(Format::default_vpc(), {other});
  const std::string shown = table({&first, &later}, style_of(80));
  EXPECT_THAT(shown, HasSubstr("same in every record: interface-id=eni-0a1b2c3d4e5f6a7b8, "));
  EXPECT_THAT(shown, Not(HasSubstr("account-id=")));
  EXPECT_THAT(shown, HasSubstr("not shown: account-id, end, packets;"));
}

TEST(RecordTable, BeginsATableForEachFormat) {
  TestRecords first(Format::parse("srcaddr").value(), {"10.0.0.1"});
  TestRecords second(Format::parse("dstport").value(), {"443"});
  EXPECT_EQ(table({&first, &first, &second}, style_of(80)),
            "srcaddr\n10.0.0.1\n10.0.0.1\n\ndstport\n    443\n");
}

TEST(RecordTable, KeepsTheOrderOfChosenColumns) {
  TestRecords records(Format::default_vpc(), kDay);
  EXPECT_EQ(table({&records}, style_of(80), Format::parse("bytes action tcp-flags").value()),
            "    bytes  action  tcp-flags\n"
            "  4.1 KiB  ACCEPT  -\n"
            "     40 B  REJECT  -\n"
            "        -  NODATA  -\n");
}

TEST(RecordTable, ColorsVerdictsAndGaps) {
  std::vector<std::string> lines = kDay;
  lines.push_back(
      "2 123456789010 eni-0a1b2c3d4e5f6a7b9 - - - - - - - 1795341660 1795341719 - "
      "SKIPDATA");
  TestRecords records(Format::default_vpc(), lines);
  Style style = style_of(120);
  style.color = true;
  const std::string shown = table({&records}, style);
  EXPECT_THAT(shown, HasSubstr("\x1b[1mstart"));
  EXPECT_THAT(shown, HasSubstr("\x1b[32mACCEPT\x1b[0m"));
  EXPECT_THAT(shown, HasSubstr("\x1b[31mREJECT\x1b[0m"));
  EXPECT_THAT(shown, HasSubstr("\n\x1b[2m2026-11-22 10:01:00"));
  EXPECT_THAT(shown, HasSubstr("\n\x1b[33m2026-11-22 10:01:00"));
}

TEST(RecordTable, PrintsNoControlBytesOfALog) {
  TestRecords records(Format::parse("instance-tag").value(), {"x"});
  records.set_text(0, "instance-tag", "\x1b]0;owned\a\x1b[2K\rhidden\n");
  const std::string shown = table({&records}, style_of(120));
  EXPECT_EQ(shown, "instance-tag\n\\x1b]0;owned\\x07\\x1b[2K\\x0dhidden\\x0a\n");
}

// ---- random records: no line is wider than the terminal, and notes say what is missing ----

class RandomRecords {
 public:
  explicit RandomRecords(unsigned seed) : random_(seed) {}

  std::unique_ptr<TestRecords> make() {
    std::vector<std::string_view> names;
    for (const FieldInfo& field : field_catalogue()) {
      if (below(4) != 0) names.push_back(field.name);
    }
    names.push_back("a-field-of-tomorrow");
    std::shuffle(names.begin(), names.end(), random_);
    names.resize(1 + below(names.size()));
    const Format format = Format::from_names(names).value();
    std::vector<std::string> lines;
    for (std::size_t row = 1 + below(30); row > 0; --row) lines.push_back(line_of(format));
    auto records = std::make_unique<TestRecords>(format, lines);
    if (below(2) == 0) make_texts_odd(*records);
    return records;
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  std::string line_of(const Format& format) {
    std::string line;
    for (const FormatField& field : format.fields()) {
      if (!line.empty()) line += ' ';
      line += below(6) == 0 ? "-" : value_of(field);
    }
    return line;
  }

  std::string value_of(const FormatField& field) {
    if (field.type == FieldType::address) {
      const std::uint64_t low = random_() * 4'294'967'296 + random_();
      return to_string(below(2) == 0 ? Ip::from_ipv4(static_cast<std::uint32_t>(low))
                                     : Ip{.high = low, .low = ~low});
    }
    if (field.type == FieldType::time) {
      return std::to_string(below(9) == 0 ? ~0ULL - below(5) : 1795341600 + below(600));
    }
    if (field.type == FieldType::number) return std::to_string(~0ULL >> below(64));
    if (field.id == FieldId::log_status) return below(2) == 0 ? "OK" : "SKIPDATA";
    return std::string(1 + below(60), 'x');
  }

  void make_texts_odd(TestRecords& records) {
    constexpr std::string_view odd[] = {"東京",      "\x1b[2J", "e\u0301",
                                        "two words", "\xff",    "\u202e"};
    for (const FormatField& field : records.batch().format->fields()) {
      if (field.type != FieldType::text) continue;
      for (std::size_t row = 0; row < records.batch().rows; ++row) {
        std::string text;
        for (std::size_t pieces = below(12); pieces > 0; --pieces)
          text += odd[below(std::size(odd))];
        records.set_text(row, field.name, text);
      }
    }
  }

  std::mt19937 random_;
};

TEST(RecordTable, IsNeverWiderThanTheTerminal) {
  constexpr unsigned seed = 54;
  RandomRecords random(seed);
  for (int round = 0; round < 400; ++round) {
    const auto first = random.make();
    const auto second = random.make();
    Style style = style_of(40 + random.below(181));
    style.unicode = round % 3 != 0;
    style.color = round % 2 == 0;
    std::optional<Format> columns;
    if (round % 4 == 0) columns = *second->batch().format;
    const std::string shown = table({first.get(), second.get()}, style, columns);
    for (const std::string& line : lines_of(shown)) {
      ASSERT_LE(display_width(line), style.width) << "seed " << seed << ", round " << round << "\n"
                                                  << line;
    }
    if (style.color) continue;
    ASSERT_EQ(shown.find('\x1b'), std::string::npos) << "round " << round;
    std::string words = one_line(shown);
    const std::string mark = style.unicode ? "…" : "...";
    const std::size_t note = words.find("values with " + mark + " are cut");
    if (note != std::string::npos) words.resize(note);
    ASSERT_EQ(words.find(mark) != std::string::npos, note != std::string::npos)
        << "seed " << seed << ", round " << round << "\n"
        << shown;
  }
}

TEST(RecordTable, NamesEveryFieldSomewhere) {
  constexpr unsigned seed = 72;
  RandomRecords random(seed);
  for (int round = 0; round < 200; ++round) {
    const auto records = random.make();
    const std::string shown = table({records.get()}, style_of(60 + random.below(120)));
    for (const FormatField& field : records->batch().format->fields()) {
      ASSERT_THAT(shown, HasSubstr(field.name)) << "seed " << seed << ", round " << round;
    }
  }
}

}  // namespace
}  // namespace weir::render
