// SPDX-License-Identifier: Apache-2.0
// filter: the right side of a comparison -> a set of numbers, addresses or texts, and its spelling.
#include "filter/value_set.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "base/prefix.hpp"
#include "field/ascii.hpp"
#include "filter/token.hpp"
#include "weir/time.hpp"

namespace weir::filter {
namespace {

bool less_ignoring_case(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return field::to_lower_ascii(x) < field::to_lower_ascii(y);
  });
}

template <class Value>
void append(std::vector<Value>& values, std::vector<Value>& more) {
  values.insert(values.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
}

/// The prefix that a range is, or nothing.
std::optional<Cidr> prefix_of(const base::ValueRange<Ip>& range) {
  const Cidr around = base::prefix_of(range.low, base::common_bits(range.low, range.high));
  const bool whole = around.network == range.low && base::last_of(around) == range.high;
  return whole ? std::optional(around) : std::nullopt;
}

std::string spell_range(base::ValueRange<Ip> range) {
  if (range.low == range.high) return to_string(range.low);
  if (const std::optional<Cidr> prefix = prefix_of(range)) return to_string(*prefix);
  // A range of IPv6 may begin or end inside the addresses that are IPv4, which are no members; a
  // range may not be written so.
  const bool is_ipv6 = !range.low.is_ipv4() || !range.high.is_ipv4();
  if (!is_ipv6) return to_string(range.low) + '-' + to_string(range.high);
  if (range.high.is_ipv4()) range.high = {.high = 0, .low = Ip::kIpv4Prefix - 1};
  if (range.low.is_ipv4()) range.low = {.high = 0, .low = (Ip::kIpv4Prefix | 0xffff'ffff) + 1};
  if (range.low == range.high) return to_string(range.low);
  if (const std::optional<Cidr> prefix = prefix_of(range)) return to_string(*prefix);
  return to_string(range.low) + '-' + to_string(range.high);
}

std::string spell_text(const FieldRef& field, const std::string& text) {
  const bool bare = is_bare_word(text) && !is_keyword(text) && text != "-" &&
                    find_field(text) == FieldId::unknown && check_text(ValuePlace(field), text);
  return bare ? text : quote_text(text);
}

std::string spell_file(const std::string& name) {
  const bool bare = !name.empty() && name.front() != '"' && name.front() != '\'' &&
                    name.find_first_of(" \t\n\v\f\r,()") == std::string::npos;
  return '@' + (bare ? name : quote_text(name));
}

std::string spell_number(const FieldRef& field, std::uint64_t value) {
  if (field.type != FieldType::time) return std::to_string(value);
  return format_iso8601(static_cast<std::int64_t>(value));
}

/// A value in a range or a list: as digits, unless digits would be read as milliseconds.
std::string spell_item(const FieldRef& field, std::uint64_t value) {
  const bool is_read_as_such = field.type != FieldType::time || value <= kLargestSeconds;
  return is_read_as_such ? std::to_string(value) : spell_number(field, value);
}

std::string spell_item(const FieldRef& field, base::ValueRange<std::uint64_t> range) {
  std::string low = spell_item(field, range.low);
  if (range.low == range.high) return low;
  const std::string high = spell_item(field, range.high);
  // A written date has hyphens of its own.
  const bool has_hyphens = high.find('-') != std::string::npos;
  return fmt::format("{}{}{}", low, has_hyphens ? ".." : "-", high);
}

/// The spelling of a set of numbers that is one range.
std::string spell_only_range(const FieldRef& field, base::ValueRange<std::uint64_t> range) {
  if (range.low == range.high) return "= " + spell_number(field, range.low);
  if (range.high == kLargestNumber) {
    // The next value after the last one that can be written cannot.
    const bool can_be_written = field.type == FieldType::time ? range.low <= kLatestDate
                                                              : range.low <= largest_number(field);
    return can_be_written ? ">= " + spell_number(field, range.low)
                          : "> " + spell_number(field, range.low - 1);
  }
  if (range.low == 0) return "<= " + spell_number(field, range.high);
  return "in " + spell_item(field, range);
}

std::vector<std::string> spell_items(const FieldRef& field, const NumberSet& set) {
  std::vector<std::string> items;
  for (const auto& range : set.ranges()) items.push_back(spell_item(field, range));
  return items;
}

std::vector<std::string> spell_items(const FieldRef&, const AddressSet& set) {
  std::vector<std::string> items;
  for (const auto& [low, high] : set.ipv4.ranges()) {
    items.push_back(spell_range({Ip::from_ipv4(low), Ip::from_ipv4(high)}));
  }
  for (const auto& range : set.ipv6.ranges()) items.push_back(spell_range(range));
  return items;
}

std::vector<std::string> spell_items(const FieldRef& field, const TextSet& set) {
  std::vector<std::string> items;
  for (const std::string& text : set.texts()) items.push_back(spell_text(field, text));
  return items;
}

std::string spell(const FieldRef& field, const std::variant<NumberSet, AddressSet, TextSet>& values,
                  const std::vector<std::string>& names) {
  const auto* numbers = std::get_if<NumberSet>(&values);
  if (numbers != nullptr && names.empty() && numbers->ranges().size() == 1) {
    return spell_only_range(field, numbers->ranges().front());
  }
  std::vector<std::string> items =
      std::visit([&](const auto& set) { return spell_items(field, set); }, values);
  items.insert(items.end(), names.begin(), names.end());
  // Only a comparison can leave nothing: `bytes < 0`.
  if (items.empty()) return field.type == FieldType::address ? "< 0.0.0.0" : "< 0";
  if (items.size() > 1) return fmt::format("in ({})", fmt::join(items, ", "));
  const bool single =
      names.empty() && (field.type == FieldType::text || parse_ip(items.front()).has_value());
  return (single ? "= " : "in ") + items.front();
}

Lookup make_lookup(const NumberSet& set) {
  const auto& ranges = set.ranges();
  if (ranges.size() <= 1) return {};
  if (ranges.back().high <= NumberBitmap::kLargest) return NumberBitmap(set);
  return ranges.size() <= base::kFewRanges ? Lookup{} : NumberTable(set);
}

Lookup make_lookup(const AddressSet& set) {
  if (!set.ipv6.ranges().empty()) return AddressTable(set.ipv4, set.ipv6);
  return set.ipv4.ranges().size() <= base::kFewRanges ? Lookup{} : Ipv4Table(set.ipv4);
}

Lookup make_lookup(const TextSet& set) {
  const bool few = !set.texts().empty() && set.texts().size() <= kFewTexts;
  return few ? Lookup{} : TextTable(set.texts(), set.any_case());
}

}  // namespace

TextSet::TextSet(std::vector<std::string> texts, bool any_case)
    : texts_(std::move(texts)), any_case_(any_case) {
  // Equal words of different case are one word, written as the first one in the order of bytes.
  std::sort(texts_.begin(), texts_.end());
  if (any_case_) std::stable_sort(texts_.begin(), texts_.end(), less_ignoring_case);
  const auto same = [this](const std::string& a, const std::string& b) {
    return any_case_ ? field::equal_ignoring_case(a, b) : a == b;
  };
  texts_.erase(std::unique(texts_.begin(), texts_.end(), same), texts_.end());
}

void ValueSetBuilder::add(base::ValueRange<Ip> range, Values& values) {
  if (range.low.is_ipv4() && range.high.is_ipv4()) {
    values.ipv4.push_back(
        {static_cast<std::uint32_t>(range.low.low), static_cast<std::uint32_t>(range.high.low)});
  } else {
    values.ipv6.push_back(range);
  }
}

Result<void> ValueSetBuilder::add(std::string_view word, bool quoted, Values& values) const {
  switch (place_.field.type) {
    case FieldType::number:
    case FieldType::time: {
      auto range = read_numbers(place_, word);
      if (!range) return Unexpected(std::move(range.error()));
      values.numbers.push_back(*range);
      return {};
    }
    case FieldType::address: {
      auto range = read_addresses(place_, word);
      if (!range) return Unexpected(std::move(range.error()));
      add(*range, values);
      return {};
    }
    case FieldType::text:
      break;
  }
  if (!quoted) {
    if (auto checked = check_text(place_, word); !checked) return checked;
  }
  values.texts.emplace_back(word);
  for (const std::string_view listed : closed_words(place_.field)) {
    if (field::equal_ignoring_case(listed, word)) values.texts.back() = listed;
  }
  return {};
}

std::variant<NumberSet, AddressSet, TextSet> ValueSetBuilder::make_set(Values values) const {
  switch (place_.field.type) {
    case FieldType::address:
      return AddressSet{.ipv4 = base::RangeSet(std::move(values.ipv4)),
                        .ipv6 = base::RangeSet(std::move(values.ipv6))};
    case FieldType::text:
      return TextSet(std::move(values.texts), holds_aws_words(place_.field));
    case FieldType::number:
    case FieldType::time:
      break;
  }
  return NumberSet(std::move(values.numbers));
}

void ValueSetBuilder::add_file(const std::string& name) { names_.push_back(spell_file(name)); }

void ValueSetBuilder::add_named(std::string word, const std::vector<base::ValueRange<Ip>>& ranges) {
  names_.push_back(std::move(word));
  for (const base::ValueRange<Ip>& range : ranges) add(range, listed_);
}

ValueSetPtr ValueSetBuilder::finish() {
  auto set = std::make_shared<ValueSet>(
      ValueSet{.values = make_set(written_), .lookup = {}, .spelling = {}});
  set->spelling = spell(place_.field, set->values, names_);
  if (!names_.empty()) {
    append(written_.numbers, listed_.numbers);
    append(written_.ipv4, listed_.ipv4);
    append(written_.ipv6, listed_.ipv6);
    append(written_.texts, listed_.texts);
    set->values = make_set(std::move(written_));
  }
  set->lookup = std::visit([](const auto& values) { return make_lookup(values); }, set->values);
  return set;
}

}  // namespace weir::filter
