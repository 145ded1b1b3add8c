// SPDX-License-Identifier: Apache-2.0
// The lookups of sets against a plain walk over their members.
#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "field/ascii.hpp"
#include "filter/value_set.hpp"

namespace weir::filter {
namespace {

constexpr std::uint64_t kLargestWord = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kLookupSeed = 20261124;

template <class Value>
bool lies_in_one(const std::vector<base::ValueRange<Value>>& ranges, const Value& value) {
  for (const auto& [low, high] : ranges) {
    if (!(value < low) && !(high < value)) return true;
  }
  return false;
}

Ip predecessor(const Ip& value) {
  return {.high = value.high - (value.low == 0 ? 1 : 0), .low = value.low - 1};
}
std::uint64_t predecessor(std::uint64_t value) { return value - 1; }
std::uint32_t predecessor(std::uint32_t value) { return value - 1; }

/// Compares at both ends of each range, beside them, and at `others`.
template <class Table, class Value>
void expect_members(const Table& table, const std::vector<base::ValueRange<Value>>& ranges,
                    std::vector<Value> others) {
  for (const auto& [low, high] : ranges) {
    others.insert(others.end(), {low, high, predecessor(low), base::successor(low),
                                 predecessor(high), base::successor(high)});
  }
  for (const Value& value : others) {
    ASSERT_EQ(table.contains(value), lies_in_one(ranges, value))
        << "value number " << &value - others.data();
  }
}

TEST(Lookup, NumberBitmapHasTheNumbersOfItsRanges) {
  const std::vector<base::ValueRange<std::uint64_t>> ranges = {
      {0, 0}, {22, 22}, {63, 65}, {65535, 65535}};
  expect_members(NumberBitmap(base::RangeSet(ranges)), ranges,
                 {0, 1, 65536, 65536 + 22, kLargestWord, std::uint64_t{1} << 32});
}

TEST(Lookup, NumberTableHasTheNumbersOfItsRanges) {
  std::mt19937_64 random(kLookupSeed);
  for (int round = 0; round < 150; ++round) {
    SCOPED_TRACE(round);
    const int bits = 1 + static_cast<int>(random() % 64);
    const auto number = [&] { return random() >> (64 - bits); };
    std::vector<base::ValueRange<std::uint64_t>> ranges;
    for (std::uint64_t i = random() % 40; i > 0; --i) {
      const std::uint64_t low = number();
      const std::uint64_t width = random() % 3 == 0 ? random() % 100 : 0;
      ranges.push_back({low, low + std::min(width, kLargestWord - low)});
    }
    std::vector<std::uint64_t> others = {0, 1, kLargestWord};
    for (int i = 0; i < 100; ++i) others.push_back(number());
    expect_members(NumberTable(base::RangeSet(ranges)), ranges, others);
  }
}

TEST(Lookup, Ipv4TableHasTheAddressesOfItsRanges) {
  const std::vector<base::ValueRange<std::uint32_t>> cases[] = {
      {},
      {{0, 0}},
      {{0xffff'ffff, 0xffff'ffff}},
      {{0, 0xffff'ffff}},
      {{0x0a00'0000, 0x0aff'ffff}},
      {{0x0a00'0001, 0x0aff'fffe}},
      {{0x0a00'ffff, 0x0a01'0000}},
      {{0x0a00'00ff, 0x0a00'0100}},
      {{0x0a00'0100, 0x0a00'01ff}, {0x0a00'0300, 0x0a00'03fe}},
  };
  for (const auto& ranges : cases)
    expect_members(Ipv4Table(base::RangeSet(ranges)), ranges, {0, 1, ~0U});
  std::mt19937_64 random(kLookupSeed);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    const auto address = [&] {
      return static_cast<std::uint32_t>(random() % 4 == 0 ? random()
                                                          : 0x0a00'0000 | random() % 0x2'0000);
    };
    std::vector<base::ValueRange<std::uint32_t>> ranges;
    for (std::uint64_t i = random() % 60; i > 0; --i) {
      const std::uint32_t low = address();
      const auto width = static_cast<std::uint32_t>(random() >> (32 + random() % 32));
      ranges.push_back({low, low + std::min(width, ~low)});
    }
    std::vector<std::uint32_t> others;
    others.reserve(300);
    for (int i = 0; i < 300; ++i) others.push_back(address());
    expect_members(Ipv4Table(base::RangeSet(ranges)), ranges, others);
  }
}

TEST(Lookup, Ipv4TableHasNoIpv6Address) {
  const Ipv4Table everything(base::RangeSet<std::uint32_t>({{0, 0xffff'ffff}}));
  EXPECT_TRUE(everything.contains(*parse_ip("10.0.0.1")));
  EXPECT_FALSE(everything.contains(*parse_ip("::10.0.0.1")));
  EXPECT_FALSE(everything.contains(*parse_ip("2001:db8::1")));
}

TEST(Lookup, Ipv6TableHasTheAddressesOfItsRanges) {
  const std::vector<base::ValueRange<Ip>> cases[] = {
      {},
      {{Ip{}, Ip{}}},
      {{Ip{}, {.high = kLargestWord, .low = kLargestWord}}},
      {{{.high = 0, .low = 1}, {.high = kLargestWord, .low = kLargestWord - 1}}},
      {{{.high = 1, .low = kLargestWord}, {.high = 2, .low = 0}}},
      {{*parse_ip("2001:db8::"), *parse_ip("2001:db8:0:2:ffff:ffff:ffff:ffff")}},
  };
  for (const auto& ranges : cases) {
    expect_members(Ipv6Table(base::RangeSet(ranges)), ranges, {Ip{}, {.high = 5, .low = 5}});
  }
  std::mt19937_64 random(kLookupSeed);
  for (int round = 0; round < 150; ++round) {
    SCOPED_TRACE(round);
    const auto address = [&] {
      return Ip{.high = 0x2001'0db8'0000'0000 | random() % 8, .low = random() >> (random() % 64)};
    };
    std::vector<base::ValueRange<Ip>> ranges;
    for (std::uint64_t i = random() % 40; i > 0; --i) {
      const Ip low = address();
      if (random() % 3 == 0) {
        const Ip other = address();
        ranges.push_back({std::min(low, other), std::max(low, other)});
      } else {
        const Ip mask =
            Cidr::mask_of(static_cast<std::uint8_t>(random() % 3 == 0 ? 128 : 48 + random() % 81));
        ranges.push_back({{.high = low.high & mask.high, .low = low.low & mask.low},
                          {.high = low.high | ~mask.high, .low = low.low | ~mask.low}});
      }
    }
    std::vector<Ip> others;
    others.reserve(200);
    for (int i = 0; i < 200; ++i) others.push_back(address());
    expect_members(Ipv6Table(base::RangeSet(ranges)), ranges, others);
  }
}

TEST(Lookup, AddressTableKeepsTheFamiliesApart) {
  const base::RangeSet<Ip> ipv6({{Ip{}, {.high = kLargestWord, .low = kLargestWord}}});
  for (const std::uint32_t prefixes : {0U, 1U, 4U, 5U, 300U}) {
    SCOPED_TRACE(prefixes);
    std::vector<base::ValueRange<std::uint32_t>> ranges;
    for (std::uint32_t i = 0; i < prefixes; ++i) ranges.push_back({i << 12, (i << 12) + 1});
    const AddressTable table(base::RangeSet<std::uint32_t>(ranges), ipv6);
    for (std::uint32_t i = 0; i < 400; ++i) {
      EXPECT_EQ(table.contains(Ip::from_ipv4((i << 12) + 1)), i < prefixes);
      EXPECT_FALSE(table.contains(Ip::from_ipv4((i << 12) + 2)));
    }
    EXPECT_TRUE(table.contains(*parse_ip("2001:db8::1")));
  }
}

/// A text in an allocation of its own length, so that the address sanitizer sees one byte too many.
class ExactText {
 public:
  explicit ExactText(const std::string& text) : bytes_(new char[text.size()]), size_(text.size()) {
    std::copy(text.begin(), text.end(), bytes_.get());
  }
  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

bool matches(const TextPattern& pattern, std::string_view text) {
  switch (pattern.width()) {
    case 8:
      return pattern.matches<std::uint64_t>(text);
    case 4:
      return pattern.matches<std::uint32_t>(text);
    case 2:
      return pattern.matches<std::uint16_t>(text);
    case 1:
      return pattern.matches<std::uint8_t>(text);
    default:
      return text.empty();
  }
}

/// `text` and its neighbours: one byte more or less, or another one in each place.
std::vector<std::string> variants_of(const std::string& text) {
  std::vector<std::string> variants = {text, text + "x", "x" + text, "", std::string(40, 'A')};
  for (std::size_t i = 0; i < text.size(); ++i) {
    variants.push_back(text.substr(0, i) + text.substr(i + 1));
    for (const int flipped : {0x20, 0x01, 0x80}) {
      variants.push_back(text);
      variants.back()[i] = static_cast<char>(variants.back()[i] ^ flipped);
    }
  }
  return variants;
}

const std::string kBytes = "aZ@`[{-09_eni-XyKk\x7f Reject\xc3\xa4.:/QqAaZz~^MmNnOo";

TEST(Lookup, TextPatternMatchesEqualTexts) {
  for (std::size_t length = 0; length <= 40; ++length) {
    const std::string text = kBytes.substr(0, length);
    for (const bool any_case : {false, true}) {
      const TextPattern pattern(text, any_case);
      for (const std::string& variant : variants_of(text)) {
        const bool expected =
            variant == text || (any_case && field::equal_ignoring_case(variant, text));
        EXPECT_EQ(matches(pattern, ExactText(variant).view()), expected)
            << length << ' ' << any_case << ' ' << variant;
      }
    }
  }
}

TEST(Lookup, TextTableHasItsTexts) {
  std::mt19937_64 random(kLookupSeed);
  for (int round = 0; round < 60; ++round) {
    const bool any_case = round % 2 == 0;
    std::vector<std::string> texts;
    for (std::uint64_t i = random() % 60; i > 0; --i) {
      texts.push_back(kBytes.substr(random() % 20, random() % 26));
    }
    const TextSet set(texts, any_case);
    const TextTable table(set.texts(), any_case);
    for (const std::string& text : texts) {
      for (const std::string& variant : variants_of(text)) {
        const bool expected = std::any_of(texts.begin(), texts.end(), [&](const std::string& one) {
          return one == variant || (any_case && field::equal_ignoring_case(one, variant));
        });
        ASSERT_EQ(table.contains(ExactText(variant).view()), expected) << round << ' ' << variant;
      }
    }
    EXPECT_EQ(table.contains("no such text"), false);
  }
}

}  // namespace
}  // namespace weir::filter
