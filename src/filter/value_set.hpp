// SPDX-License-Identifier: Apache-2.0
// filter: the right side of a comparison -> a set of numbers, addresses or texts.
//
// Every comparison with values is a test of membership: `= 22` is a set of one, `>= 1024` a range
// without an end, `in (...)` the rest. Evaluation has therefore one case a type.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/range_set.hpp"
#include "filter/address_table.hpp"
#include "filter/number_table.hpp"
#include "filter/text_table.hpp"
#include "filter/value.hpp"

namespace weir::filter {

using NumberSet = base::RangeSet<std::uint64_t>;

/// IPv4 and IPv6 apart, since `::/0` means every IPv6 address and no IPv4 one, which lie in the
/// middle of the 128-bit space.
struct AddressSet {
  base::RangeSet<std::uint32_t> ipv4;
  base::RangeSet<Ip> ipv6;

  bool contains(const Ip& address) const noexcept {
    return address.is_ipv4() ? ipv4.contains(static_cast<std::uint32_t>(address.low))
                             : ipv6.contains(address);
  }
};

/// Texts, sorted.
class TextSet {
 public:
  /// With `any_case`, letters match in either case.
  TextSet(std::vector<std::string> texts, bool any_case);
  const std::vector<std::string>& texts() const noexcept { return texts_; }
  bool any_case() const noexcept { return any_case_; }

 private:
  std::vector<std::string> texts_;
  bool any_case_;
};

/// How to find out whether a value is a member, if there are more than a few members.
using Lookup =
    std::variant<std::monostate, NumberBitmap, NumberTable, Ipv4Table, AddressTable, TextTable>;
inline constexpr std::size_t kFewTexts = 4;

/// A set of values of one type, and how it is written. Stays where it is: the lookup may point into
/// the values.
struct ValueSet {
  std::variant<NumberSet, AddressSet, TextSet> values;
  Lookup lookup;
  std::string spelling;  ///< canonical operator and operand: `= 22`, `in (22, @ports.txt)`
};
using ValueSetPtr = std::shared_ptr<const ValueSet>;

/// Collects the values of a list.
class ValueSetBuilder {
 public:
  explicit ValueSetBuilder(ValuePlace place) : place_(std::move(place)) {}

  /// Adds a word or a quoted text that stands in the expression.
  /// Errors: those of read_numbers(), read_addresses() and check_text().
  Result<void> add(std::string_view word, bool quoted) { return add(word, quoted, written_); }
  /// Adds a range that a comparison such as `>= 1024` made.
  void add(base::ValueRange<std::uint64_t> range) { written_.numbers.push_back(range); }
  void add(base::ValueRange<Ip> range) { add(range, written_); }
  /// Adds a word of the list file that was named last.
  Result<void> add_listed(std::string_view word, bool quoted) { return add(word, quoted, listed_); }
  void add_file(const std::string& name);
  /// Adds the addresses that a word stands for, which the canonical spelling repeats.
  void add_named(std::string word, const std::vector<base::ValueRange<Ip>>& ranges);

  const ValuePlace& place() const noexcept { return place_; }
  ValueSetPtr finish();

 private:
  struct Values {
    std::vector<base::ValueRange<std::uint64_t>> numbers;
    std::vector<base::ValueRange<std::uint32_t>> ipv4;
    std::vector<base::ValueRange<Ip>> ipv6;
    std::vector<std::string> texts;
  };
  static void add(base::ValueRange<Ip> range, Values& values);
  Result<void> add(std::string_view word, bool quoted, Values& values) const;
  std::variant<NumberSet, AddressSet, TextSet> make_set(Values values) const;

  ValuePlace place_;
  Values written_;                  // in the expression itself: what the canonical spelling repeats
  Values listed_;                   // in files and behind words: the spelling names these
  std::vector<std::string> names_;  // of files and words, as they are spelled
};

}  // namespace weir::filter
