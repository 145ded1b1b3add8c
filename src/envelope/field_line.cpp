// SPDX-License-Identifier: Apache-2.0
// envelope: named values -> one flow-log line. For wrappings that name the fields themselves.
#include "envelope/field_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "field/header_names.hpp"
#include "weir/names.hpp"
#include "weir/time.hpp"

namespace weir::envelope {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }

FieldId find_named_field(std::string_view name, Names names) noexcept {
  // `VpcId`, `SubnetId`: the AWS API's own names for things that are no flow log.
  const bool is_api_name = name.size() > 1 && is_upper(name[0]) && is_lower(name[1]);
  return is_api_name && names == Names::members ? FieldId::unknown : field::find_named(name);
}

/// Words that configurations, manifests and other logs use as well.
bool is_common_word(FieldId id) noexcept {
  switch (id) {
    case FieldId::version:
    case FieldId::account_id:
    case FieldId::action:
    case FieldId::bytes:
    case FieldId::end:
    case FieldId::instance_id:
    case FieldId::interface_id:
    case FieldId::interface_type:
    case FieldId::packets:
    case FieldId::protocol:
    case FieldId::region:
    case FieldId::resource_id:
    case FieldId::resource_type:
    case FieldId::start:
    case FieldId::subnet_id:
    case FieldId::type:
    case FieldId::vpc_id:
      return true;
    default:
      return false;
  }
}

/// `25238` and `25238.0` -> the digits; nothing for what is no whole number.
std::string_view whole_digits(std::string_view text) noexcept {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  if (whole.empty() || !std::all_of(whole.begin(), whole.end(), is_digit)) return {};
  if (point == std::string_view::npos) return whole;
  const std::string_view fraction = text.substr(point + 1);
  const bool zero = fraction.find_first_not_of('0') == std::string_view::npos;
  return zero && !fraction.empty() ? whole : std::string_view();
}

/// `12/26/2022`, month first (observed: real-captures, si3mshady).
std::optional<std::int64_t> parse_american_date(std::string_view text) {
  constexpr std::size_t kLength = 10;
  if (text.size() != kLength || text[2] != '/' || text[5] != '/') return std::nullopt;
  return parse_iso8601(
      fmt::format("{}-{}-{}", text.substr(6), text.substr(0, 2), text.substr(3, 2)));
}

std::optional<std::int64_t> parse_date(std::string_view text, std::uint64_t& coarse_times) {
  constexpr std::size_t kDateLength = 10;
  // Athena writes `2022-12-26 10:00:00.000 UTC`.
  if (text.ends_with(" UTC")) text.remove_suffix(4);
  std::optional<std::int64_t> seconds = parse_iso8601(text);
  if (!seconds) seconds = parse_american_date(text);
  if (seconds && text.size() == kDateLength) ++coarse_times;
  return seconds;
}

}  // namespace

std::string as_field_name(std::string_view name) {
  constexpr std::size_t kLongestName = 128;
  std::string field(name.substr(0, kLongestName));
  for (char& c : field) {
    const bool fits = is_digit(c) || is_lower(c) || is_upper(c) || c == '.' || c == '-';
    if (!fits) c = '-';
  }
  return field;
}

FieldLayout lay_out(std::span<const std::string_view> names, Names kind) {
  FieldLayout layout;
  std::vector<std::string> kept;
  for (const std::string_view written : names) {
    const std::string_view name = field::bare_name(written);
    layout.positions.push_back(-1);
    if (name.empty() || name[0] == '@' || name[0] == '_') continue;
    ++layout.names;
    const FieldId id = find_named_field(name, kind);
    if (id != FieldId::unknown) ++layout.known;
    if (id != FieldId::unknown && !is_common_word(id)) ++layout.telling;
    std::string field =
        id != FieldId::unknown ? std::string(field_info(id).name) : as_field_name(name);
    // An API's name that is left alone must not come back as the field it resembles.
    const bool misleading = id == FieldId::unknown && find_field(field) != FieldId::unknown;
    const auto before = std::find(kept.begin(), kept.end(), field);
    const bool twice = before != kept.end();
    if (twice) {
      const int place = static_cast<int>(before - kept.begin());
      const auto first = std::find(layout.positions.begin(), layout.positions.end(), place);
      layout.repeated.emplace_back(layout.positions.size() - 1,
                                   static_cast<std::size_t>(first - layout.positions.begin()));
    }
    if (twice || misleading || kept.size() == kMaxFormatFields) continue;
    layout.positions.back() = static_cast<int>(kept.size());
    kept.push_back(std::move(field));
  }
  const std::vector<std::string_view> fields(kept.begin(), kept.end());
  if (auto format = Format::from_names(fields)) {
    layout.format = std::make_shared<const Format>(*std::move(format));
  }
  return layout;
}

bool is_record(const FieldLayout& layout) noexcept {
  if (layout.format == nullptr || layout.telling == 0) return false;
  return layout.known >= 4 || layout.known * 3 >= layout.names * 2;
}

void append_token(std::string& line, const FormatField& field, std::string_view value,
                  std::uint64_t& coarse_times) {
  if (value.empty() || value == "-") {
    line += '-';
    return;
  }
  if (field.type == FieldType::number || field.type == FieldType::time) {
    // A rewrite of Parquet left Python's word in number columns (observed: flowlogs-reader).
    if (value == "None") {
      line += '-';
      return;
    }
    if (const std::string_view digits = whole_digits(value); !digits.empty()) {
      line += digits;
      return;
    }
  }
  if (field.type == FieldType::time) {
    if (const auto seconds = parse_date(value, coarse_times)) {
      fmt::format_to(std::back_inserter(line), "{}", *seconds);
      return;
    }
  }
  const bool is_plain = std::all_of(value.begin(), value.end(),
                                    [](char c) { return c > ' ' && c < '\x7f' && c != '%'; });
  if (is_plain) {
    line += value;
    return;
  }
  // Athena and the like hand over tag values as the log has them, already encoded.
  const bool encoded = field.id != FieldId::unknown && field_info(field.id).percent_encoded;
  line += encoded ? percent_encode(percent_decode(value)) : percent_encode(value);
}

}  // namespace weir::envelope
