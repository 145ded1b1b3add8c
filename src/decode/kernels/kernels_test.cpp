// SPDX-License-Identifier: Apache-2.0
// Every kernel against plain loops, on every length, offset and damage, in allocations of exactly
// the size that a kernel may touch: the address sanitizer sees one byte too many.
#include "decode/kernels/kernels.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "weir/ip.hpp"

namespace weir::decode::kernel {
namespace {

std::vector<base::Kernel> kernels_here() {
  std::vector<base::Kernel> kernels;
  for (const base::Kernel kernel : base::kAllKernels) {
    if (base::can_run(kernel)) kernels.push_back(kernel);
  }
  return kernels;
}

/// A text with its padding and not a byte more.
class ExactText {
 public:
  explicit ExactText(std::string_view text, char padding = '7')
      : bytes_(new char[text.size() + 2 * kTextPadding]), size_(text.size()) {
    std::fill_n(bytes_.get(), size_ + 2 * kTextPadding, padding);
    std::copy(text.begin(), text.end(), bytes_.get() + kTextPadding);
  }
  const char* data() const { return bytes_.get() + kTextPadding; }
  std::size_t size() const { return size_; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

using Positions = std::vector<std::uint32_t>;

/// Calls an indexing loop with an array of exactly the documented size.
template <class Index>
Positions positions_of(std::size_t size, Index index) {
  const std::unique_ptr<std::uint32_t[]> array(new std::uint32_t[size + kArraySlack]);
  const std::size_t count = index(array.get());
  return {array.get(), array.get() + count};
}

bool is_blank_byte(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

struct PlainSeparators {
  Positions positions;
  std::size_t newlines = 0;
  bool odd = false;
};

PlainSeparators plain_separators(std::string_view text) {
  PlainSeparators plain;
  bool after_separator = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool separates = text[i] == ' ' || text[i] == '\n';
    if (separates) plain.positions.push_back(static_cast<std::uint32_t>(i));
    if (text[i] == '\n') ++plain.newlines;
    if (separates && after_separator) plain.odd = true;
    if (!separates && static_cast<unsigned char>(text[i]) < ' ') plain.odd = true;
    after_separator = separates;
  }
  return plain;
}

Positions plain_edges(std::string_view text) {
  Positions positions;
  bool blank = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_blank_byte(text[i]) != blank) positions.push_back(static_cast<std::uint32_t>(i));
    blank = is_blank_byte(text[i]);
  }
  return positions;
}

Positions plain_newlines(std::string_view text) {
  Positions positions;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') positions.push_back(static_cast<std::uint32_t>(i));
  }
  return positions;
}

void expect_same_index(const Table& table, std::string_view text, char padding) {
  const ExactText exact(text, padding);
  const PlainSeparators plain = plain_separators(text);
  Separators found;
  const Positions separators = positions_of(text.size(), [&](std::uint32_t* positions) {
    found = table.separators(exact.data(), exact.size(), positions);
    return found.count;
  });
  ASSERT_EQ(separators, plain.positions) << base::kernel_name(table.kernel) << " '" << text << "'";
  ASSERT_EQ(found.newlines, plain.newlines) << text;
  ASSERT_EQ(found.odd, plain.odd) << base::kernel_name(table.kernel) << " '" << text << "'";
  ASSERT_EQ(positions_of(text.size(),
                         [&](std::uint32_t* positions) {
                           return table.edges(exact.data(), exact.size(), positions);
                         }),
            plain_edges(text))
      << base::kernel_name(table.kernel) << " '" << text << "'";
  ASSERT_EQ(positions_of(text.size(),
                         [&](std::uint32_t* positions) {
                           return table.newlines(exact.data(), exact.size(), positions);
                         }),
            plain_newlines(text));
}

class EachKernel : public testing::TestWithParam<base::Kernel> {
 protected:
  const Table& table() const { return table_of(GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Kernels, EachKernel, testing::ValuesIn(kernels_here()),
                         [](const auto& kernel) {
                           return std::string(base::kernel_name(kernel.param));
                         });

TEST_P(EachKernel, IsTheOneAskedFor) { EXPECT_EQ(table().kernel, GetParam()); }

TEST_P(EachKernel, IndexesEveryLengthWithEveryByteAtEveryPlace) {
  for (std::size_t length = 0; length <= 140; ++length) {
    expect_same_index(table(), std::string(length, 'x'), ' ');
    expect_same_index(table(), std::string(length, ' '), '\n');
    expect_same_index(table(), std::string(length, '\n'), 'x');
  }
  const std::string bytes = " \n\t\r\v!0~\x7f\x80\xa0\xff";
  for (std::size_t length : {1, 7, 8, 9, 63, 64, 65, 127, 128, 129, 150}) {
    for (std::size_t at = 0; at < length; ++at) {
      for (const char byte : bytes + '\0') {
        std::string text(length, 'x');
        text[at] = byte;
        expect_same_index(table(), text, '\n');
      }
    }
  }
}

TEST_P(EachKernel, IndexesRandomText) {
  std::mt19937 random(20261124);
  const std::string common = "12345678 -.\n ";
  const std::string all = "1 \n\t\r \n1";
  for (int round = 0; round < 3000; ++round) {
    const std::string& alphabet = round % 2 == 0 ? common : all;
    std::string text(random() % 400, ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    expect_same_index(table(), text, alphabet[random() % alphabet.size()]);
  }
}

/// Tokens of one field, laid out as separators() indexes them.
struct Tokens {
  explicit Tokens(const std::vector<std::string>& tokens, std::string_view before = "")
      : text(join(tokens, before)) {
    const std::string whole = join(tokens, before);
    const Positions ends = plain_separators(whole).positions;
    const std::size_t skipped = before.empty() ? 0 : 1;
    positions.reset(new std::uint32_t[ends.size() + 1]);
    positions[0] = ~std::uint32_t{0};
    std::copy(ends.begin(), ends.end(), positions.get() + 1);
    first.reset(new std::uint32_t[tokens.size()]);
    for (std::size_t row = 0; row < tokens.size(); ++row) {
      first[row] = static_cast<std::uint32_t>(row + skipped);
    }
    column = {.text = text.data(),
              .positions = positions.get() + 1,
              .first = first.get(),
              .rows = tokens.size(),
              .begin_at = -1,
              .begin_add = 1,
              .end_at = 0};
  }
  static std::string join(const std::vector<std::string>& tokens, std::string_view before) {
    std::string text(before);
    if (!before.empty()) text += ' ';
    for (const std::string& token : tokens) text += token + '\n';
    return text;
  }

  ExactText text;
  std::unique_ptr<std::uint32_t[]> positions;
  std::unique_ptr<std::uint32_t[]> first;
  TokenColumn column;
};

std::optional<std::uint64_t> plain_number(std::string_view token, std::uint64_t max) {
  if (token.empty() || token.size() > kMostDigits) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : token) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value > max ? std::nullopt : std::optional(value);
}

/// What a conversion found, as the documented contract has it.
template <class Value, class Convert, class Plain>
void expect_same_values(const std::vector<std::string>& tokens, Convert convert, Plain plain) {
  const std::unique_ptr<Value[]> values(new Value[tokens.size() + kArraySlack]);
  const std::unique_ptr<std::uint16_t[]> exceptions(new std::uint16_t[tokens.size() + kArraySlack]);
  const std::size_t count = convert(values.get(), exceptions.get());
  std::size_t seen = 0;
  for (std::size_t row = 0; row < tokens.size(); ++row) {
    const std::optional<Value> expected = plain(tokens[row]);
    if (expected) {
      EXPECT_EQ(values[row], *expected)
          << "row " << row << " of " << tokens.size() << " '" << tokens[row] << "'";
    } else {
      ASSERT_LT(seen, count) << "row " << row << " of " << tokens.size() << " '" << tokens[row]
                             << "'";
      EXPECT_EQ(exceptions[seen++], row) << "'" << tokens[row] << "'";
    }
  }
  EXPECT_EQ(seen, count);
}

void expect_same_numbers(const Table& table, const std::vector<std::string>& tokens,
                         std::uint64_t max, std::string_view before = "") {
  const Tokens laid_out(tokens, before);
  expect_same_values<std::uint64_t>(
      tokens,
      [&](std::uint64_t* values, std::uint16_t* exceptions) {
        return table.numbers(laid_out.column, max, values, exceptions);
      },
      [max](std::string_view token) { return plain_number(token, max); });
}

constexpr std::uint64_t kNoLimit = ~std::uint64_t{0};

TEST_P(EachKernel, ConvertsNumbersOfEveryLengthAtEveryRow) {
  for (std::size_t rows = 0; rows <= 9; ++rows) {
    for (std::size_t length = 1; length <= 20; ++length) {
      std::vector<std::string> tokens(rows, "5");
      for (std::size_t row = 0; row < rows; ++row) {
        tokens[row] = std::string("98765432109876543210").substr(row % 5, length);
        expect_same_numbers(table(), tokens, kNoLimit);
        expect_same_numbers(table(), tokens, kNoLimit, "99999999999999999999");
      }
    }
  }
}

TEST_P(EachKernel, ListsNumbersWithAnyDamagedByte) {
  for (std::size_t length = 1; length <= 17; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (int byte = 0x21; byte < 0x100; ++byte) {
        std::string token = std::string("12345678901234567").substr(0, length);
        token[at] = static_cast<char>(byte);
        expect_same_numbers(table(), {"1", token, "22"}, kNoLimit);
      }
    }
  }
}

TEST_P(EachKernel, ListsNumbersAboveTheLimit) {
  const std::vector<std::string> tokens = {"0",          "2147483647", "2147483648",  "-",
                                           "0000000001", "4294967296", "99999999999", "65535"};
  for (const std::uint64_t max : {std::uint64_t{0}, std::uint64_t{65535}, std::uint64_t{2147483647},
                                  std::uint64_t{99'999'999'999}, kNoLimit}) {
    expect_same_numbers(table(), tokens, max);
  }
}

TEST_P(EachKernel, ConvertsRandomNumbers) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 400; ++round) {
    std::vector<std::string> tokens(random() % 200);
    for (std::string& token : tokens) {
      token = std::to_string(random() >> (random() % 64));
      if (random() % 20 == 0) token = "-";
      if (random() % 50 == 0) token[random() % token.size()] = 'x';
    }
    expect_same_numbers(table(), tokens, round % 2 == 0 ? kNoLimit : 2147483647);
  }
}

/// Four decimal numbers of one to three digits with dots between them, all up to 255.
std::optional<Ip> plain_quad(std::string_view token) {
  if (token.find(':') != std::string_view::npos) return std::nullopt;
  return parse_ip(token);
}

void expect_same_addresses(const Table& table, const std::vector<std::string>& tokens,
                           std::string_view before = "") {
  const Tokens laid_out(tokens, before);
  expect_same_values<Ip>(
      tokens,
      [&](Ip* values, std::uint16_t* exceptions) {
        return table.addresses(laid_out.column, values, exceptions);
      },
      plain_quad);
}

TEST_P(EachKernel, ConvertsQuadsOfEveryShape) {
  const std::vector<std::string> parts = {"0",   "7",   "00",  "10",  "99",  "000",
                                          "010", "100", "199", "255", "256", "300"};
  std::vector<std::string> tokens;
  for (const std::string& a : parts) {
    for (const std::string& b : parts) {
      for (const std::string& c : parts) {
        tokens.push_back(a + '.' + b + '.' + c + '.' + parts[tokens.size() % parts.size()]);
        tokens.push_back(parts[tokens.size() % parts.size()] + '.' + a + '.' + b + '.' + c);
      }
    }
    if (tokens.size() > 1800) {
      expect_same_addresses(table(), tokens);
      tokens.clear();
    }
  }
  for (std::size_t rows = 0; rows <= tokens.size() && rows <= 9; ++rows) {
    expect_same_addresses(table(), {tokens.begin(), tokens.begin() + static_cast<int>(rows)},
                          "1.2");
  }
}

TEST_P(EachKernel, ListsQuadsWithAnyDamagedByte) {
  for (const std::string good : {"1.2.3.4", "10.20.30.40", "192.168.100.200", "255.255.255.255"}) {
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (int byte = 0x21; byte < 0x100; ++byte) {
        std::string token = good;
        token[at] = static_cast<char>(byte);
        expect_same_addresses(table(), {"10.0.0.1", token, "-", "1.1.1.1", good});
      }
      expect_same_addresses(table(), {good.substr(0, at + 1), good.substr(at), good + good});
      expect_same_addresses(table(), {good + '.', good + "0", '.' + good, good + ".1"});
    }
  }
}

TEST_P(EachKernel, LeavesOtherAddressesToTheOneByOnePath) {
  expect_same_addresses(
      table(), {"2001:db8::1", "10.1.2.3", "-", "::ffff:1.2.3.4", "::", "1", "1.2", "1.2.3",
                "1..2.3", "0.0.0.0", "...", std::string(40, '1'), std::string(31, '.'),
                std::string(32, '.'), "1.2.3.4" + std::string(25, 'x'), "10.9.8.7"});
}

}  // namespace
}  // namespace weir::decode::kernel
