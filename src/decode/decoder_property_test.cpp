// SPDX-License-Identifier: Apache-2.0
// The decoder against an obvious twin that takes text apart line by line, over random lines with
// every kind of damage in every mixture. The whole-program checks run it under each kernel.
#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "decode/decode_testing.hpp"
#include "weir/ip.hpp"

namespace weir::decode {
namespace {

struct Twin {
  std::vector<std::string> records;
  std::vector<std::uint64_t> rejected_lines;
};

bool is_number(const std::string& token, std::uint64_t max) {
  if (token == "-") return true;
  std::uint64_t value = 0;
  for (const char c : token) {
    if (c < '0' || c > '9' || value > 1'000'000'000'000'000) return false;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return !token.empty() && value <= max;
}

/// Fields: srcaddr action dstport start.
Twin read_plainly(const std::string& text) {
  Twin twin;
  std::istringstream lines(text);
  std::string line;
  for (std::uint64_t number = 1; std::getline(lines, line); ++number) {
    std::vector<std::string> tokens;
    std::string token;
    for (const char c : line + ' ') {
      if (c != ' ' && c != '\t' && c != '\r') {
        token += c;
      } else if (!token.empty()) {
        tokens.push_back(std::exchange(token, {}));
      }
    }
    if (tokens.empty() || tokens[0][0] == '#' || tokens[0] == "srcaddr") continue;
    const bool good = tokens.size() == 4 && (tokens[0] == "-" || parse_ip(tokens[0])) &&
                      is_number(tokens[2], 65535) && is_number(tokens[3], 99'999'999'999);
    if (!good) {
      twin.rejected_lines.push_back(number);
      continue;
    }
    const auto plain_number = [](const std::string& digits) {
      return digits == "-" ? digits : std::to_string(std::stoull(digits));
    };
    twin.records.push_back((tokens[0] == "-" ? "-" : to_string(*parse_ip(tokens[0]))) + ' ' +
                           tokens[1] + ' ' + plain_number(tokens[2]) + ' ' +
                           plain_number(tokens[3]));
  }
  return twin;
}

class RandomLines {
 public:
  explicit RandomLines(std::uint32_t seed) : random_(seed) {}

  /// `oddities` of a thousand lines are no ordinary records.
  std::string make(std::size_t lines, unsigned oddities) {
    std::string text = "srcaddr action dstport start\n";
    for (std::size_t i = 0; i < lines; ++i) {
      text += random_() % 1000 < oddities ? odd_line() : pick(addresses()) + ' ' + rest();
      text += '\n';
    }
    return text;
  }

 private:
  using Words = std::vector<std::string>;
  const std::string& pick(const Words& words) { return words[random_() % words.size()]; }
  static const Words& addresses() {
    static const Words kAddresses = {"10.0.0.1",    "192.168.100.200", "-",          "1.2.3.4",
                                     "2001:db8::7", "255.255.255.255", "010.1.1.01", "0.0.0.0"};
    return kAddresses;
  }
  std::string rest() {
    static const Words kActions = {"ACCEPT", "REJECT", "-"};
    static const Words kPorts = {"22", "443", "65535", "-", "65535", "0000000000000000022"};
    return pick(kActions) + ' ' + pick(kPorts) + ' ' + std::to_string(1700000000 + random_() % 99);
  }
  std::string odd_line() {
    static const Words kBad = {"x",        "1.2.3", "1.2.3.256", "65536", "-1",
                               "1x",       "\x01",  "::1::",     "+5",    "99999999999999999999",
                               "1.2.3.4.5"};
    switch (random_() % 10) {
      case 0:
        return "";
      case 1:
        return "# " + rest();
      case 2:
        return "srcaddr action dstport start";
      case 3:
        return rest();
      case 4:
        return pick(addresses()) + ' ' + rest() + " 7";
      case 5:
        return pick(kBad) + ' ' + rest();
      case 6:
        return pick(addresses()) + " ACCEPT " + pick(kBad) + " 1700000000";
      case 7:
        return pick(addresses()) + "  " + rest() + '\r';
      case 8:
        return '\t' + pick(addresses()) + ' ' + rest() + ' ';
      default:
        return pick(addresses()) + " ACCEPT 1 " + pick(kBad);
    }
  }
  std::mt19937 random_;
};

TEST(DecoderProperty, AgreesWithItsPlainTwin) {
  std::uint32_t seed = 0;
  for (const unsigned oddities : {0U, 1U, 20U, 300U, 1000U}) {
    for (const std::size_t lines : {0U, 1U, 2U, 3U, 5U, 40U, 2047U, 2048U, 2049U, 9000U}) {
      const std::string text = RandomLines(++seed).make(lines, oddities);
      const Twin twin = read_plainly(text);
      DecodeOptions options;
      std::vector<std::uint64_t> rejected;
      options.on_reject = [&](const std::string&, const Reject& reject) {
        rejected.push_back(reject.line);
      };
      const Decoded decoded = decode_text(text, options);
      ASSERT_EQ(decoded.records, twin.records) << "seed " << seed;
      ASSERT_EQ(rejected, twin.rejected_lines) << "seed " << seed;
      ASSERT_EQ(decoded.report.records, twin.records.size());
      ASSERT_EQ(decoded.report.rejected, twin.rejected_lines.size());
    }
  }
}

TEST(DecoderProperty, ColumnsThatComeLaterAreTheSameInTheRowsThatAreAskedFor) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    const std::string text = RandomLines(seed).make(5000, seed % 2 == 0 ? 0 : 30);
    const std::vector<std::string> whole = read_plainly(text).records;
    DecodeOptions options;
    options.fields = FieldSet();
    options.fields.add(FieldId::dstport);
    options.later = {FieldSet::all()};
    auto decoder = Decoder::open(Object::from_memory("x", text), options);
    ASSERT_TRUE(decoder);
    std::mt19937 random(seed);
    std::vector<std::string> chosen;
    Batch batch;
    std::uint64_t kept = 0;
    std::uint64_t rows = 0;
    while (*(*decoder)->next(batch)) {
      Selection selection;
      for (std::size_t row = 0; row < batch.rows; ++row) {
        if (seed == 20 || random() % 3 == 0) {
          selection.rows[selection.count++] = static_cast<std::uint16_t>(row);
        }
      }
      rows += batch.rows - selection.count;
      (*decoder)->complete(batch, selection);
      kept += selection.count;
      for (std::size_t i = 0; i < selection.count; ++i) {
        chosen.push_back(record_text(batch, selection.rows[i]));
      }
    }
    EXPECT_EQ((*decoder)->report().records, rows + kept);
    auto next = whole.begin();
    for (const std::string& record : chosen) {
      next = std::find(next, whole.end(), record);
      ASSERT_NE(next, whole.end()) << record;
      ++next;
    }
    if (seed == 20) {
      EXPECT_EQ(chosen, whole);
    }
  }
}

}  // namespace
}  // namespace weir::decode
