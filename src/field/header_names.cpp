// SPDX-License-Identifier: Apache-2.0
// field: words that may be the names of fields -> the format that they name.
#include "field/header_names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "weir/ip.hpp"

namespace weir::field {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) noexcept { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

/// Names that AWS's tools give to fields besides the field's own.
FieldId find_alias(std::string_view name) noexcept {
  constexpr struct {
    std::string_view name;
    FieldId id;
  } kAliases[] = {
      // Discovered fields of Logs Insights,
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
      {"startTime", FieldId::start},
      {"endTime", FieldId::end},
      // The table that Athena's guide defined until 2021 ("Querying Amazon VPC flow logs").
      {"account", FieldId::account_id},
      {"sourceaddress", FieldId::srcaddr},
      {"destinationaddress", FieldId::dstaddr},
      {"sourceport", FieldId::srcport},
      {"destinationport", FieldId::dstport},
      {"numpackets", FieldId::packets},
      {"numbytes", FieldId::bytes},
      {"starttime", FieldId::start},
      {"endtime", FieldId::end},
  };
  for (const auto& alias : kAliases) {
    if (alias.name == name) return alias.id;
  }
  return FieldId::unknown;
}

/// A number, a time or an address: what records have and headers have not.
bool is_value(std::string_view word) noexcept {
  constexpr std::string_view kOfTimes = ".:-+/TZ";
  const bool is_numeric = std::all_of(word.begin(), word.end(), [&](char c) {
    return is_digit(c) || kOfTimes.find(c) != std::string_view::npos;
  });
  const bool has_digit = std::any_of(word.begin(), word.end(), is_digit);
  return (is_numeric && has_digit) || parse_ip(word).has_value();
}

bool is_part_of_name(char c) noexcept { return is_lower(c) || is_digit(c) || c == '-' || c == '_'; }

/// Spelled as AWS spells names: `pkt-srcaddr`, `pkt_srcaddr`.
bool is_spelled_like_a_name(std::string_view word) noexcept {
  return word.size() >= 2 && is_lower(word.front()) &&
         std::all_of(word.begin(), word.end(), is_part_of_name);
}

/// True for a word that can be the name of a column which the catalogue lacks.
bool can_be_a_name(std::string_view word) noexcept {
  constexpr std::size_t kLongestName = 128;
  return !word.empty() && word.size() <= kLongestName && is_letter(word.front()) &&
         std::all_of(word.begin(), word.end(), [](char c) {
           return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
         });
}

std::size_t count_known(std::span<const std::string_view> words) noexcept {
  return static_cast<std::size_t>(std::count_if(
      words.begin(), words.end(), [](auto word) { return find_named(word) != FieldId::unknown; }));
}

constexpr std::size_t kLeastWords = 3;

/// Where the longest name begins that a word ends in behind something else, or 0: `OKpkt-srcaddr`
/// ends in srcaddr too.
std::size_t begin_of_name(std::string_view word) noexcept {
  constexpr std::size_t kLongestName = 64;
  std::size_t offset = word.size() > kLongestName ? word.size() - kLongestName : 1;
  for (; offset + 2 <= word.size(); ++offset) {
    if (find_named(word.substr(offset)) != FieldId::unknown) return offset;
  }
  return 0;
}

}  // namespace

std::string_view bare_name(std::string_view token) noexcept {
  while (token.starts_with('$')) token.remove_prefix(1);
  const auto strip = [&](char open, char close) {
    if (token.size() >= 2 && token.front() == open && token.back() == close) {
      token.remove_prefix(1);
      token.remove_suffix(1);
    }
  };
  strip('{', '}');
  strip('"', '"');
  strip('\'', '\'');
  return token;
}

FieldId find_named(std::string_view name) noexcept {
  const std::string_view bare = bare_name(name);
  // `-srcaddr` is a value that is missing, with a name glued to it.
  if (bare.empty() || bare.front() == '-' || bare.front() == '_') return FieldId::unknown;
  const FieldId id = find_field(bare);
  return id != FieldId::unknown ? id : find_alias(bare);
}

bool is_header(std::span<const std::string_view> words) noexcept {
  if (words.empty() || words.size() > kMaxFormatFields * 2) return false;
  // Records nearly always have a number among their first words.
  if (std::any_of(words.begin(), words.end(), is_value)) return false;
  const std::size_t known = count_known(words);
  if (words.size() >= kLeastWords && known * 2 > words.size()) return true;
  return known > 0 && known * 2 >= words.size() &&
         std::all_of(words.begin(), words.end(), is_spelled_like_a_name) &&
         std::any_of(words.begin(), words.end(), is_field_name);
}

HeaderNames understand_header(std::span<const std::string_view> words) {
  std::vector<std::string_view> names;
  for (const std::string_view word : words) {
    const FieldId id = find_named(word);
    names.push_back(id != FieldId::unknown ? field_info(id).name : bare_name(word));
    if (id == FieldId::unknown && !can_be_a_name(names.back())) {
      constexpr std::size_t kShown = 40;
      return {.format = std::nullopt,
              .problem = fmt::format("'{}{}' cannot be the name of a field", word.substr(0, kShown),
                                     word.size() > kShown ? "..." : "")};
    }
  }
  Result<Format> format = Format::from_columns(names);
  if (!format) return {.format = std::nullopt, .problem = std::move(format.error().message)};
  return {.format = *std::move(format), .problem = {}};
}

std::optional<Glue> find_glue(std::span<const std::string_view> words) noexcept {
  std::optional<Glue> found;
  // The last word of such a line is a name, which is cheap to ask.
  if (words.size() < kLeastWords || find_named(words.back()) == FieldId::unknown) return found;
  const bool after_header = is_header(words);
  std::size_t known = 0;  // names behind the word at hand
  for (std::size_t i = words.size(); i-- > 0;) {
    const std::string_view word = words[i];
    if (find_named(word) != FieldId::unknown) {
      ++known;
      continue;
    }
    // In a header a word that ends like a name is a name that is not known yet, unless its front is
    // one too: `log-statusversion`.
    const std::size_t offset = begin_of_name(word);
    const std::size_t all = words.size() - i;
    const bool ends_other = !after_header || find_named(word.substr(0, offset)) != FieldId::unknown;
    if (offset > 0 && ends_other && all >= kLeastWords && (known + 1) * 2 > all) {
      found = Glue{.word = i, .offset = offset};
    } else if (is_value(word)) {
      break;  // no header goes on before it
    }
  }
  return found;
}

}  // namespace weir::field
