// SPDX-License-Identifier: Apache-2.0
// field: formats, and every way in which people and AWS write one.
#include "weir/format.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "field/header_names.hpp"

namespace weir {
namespace {

constexpr const char* kFormatHint =
    "write the fields in the order of the records: '${srcaddr} ${dstaddr}'";

bool is_separator(char c) noexcept {
  return c == ' ' || c == ',' || c == '\t' || c == '\n' || c == '\r';
}

std::vector<std::string_view> split_format(std::string_view text) {
  std::vector<std::string_view> names;
  std::size_t at = 0;
  while (at < text.size()) {
    while (at < text.size() && is_separator(text[at])) ++at;
    const std::size_t begin = at;
    while (at < text.size() && !is_separator(text[at])) ++at;
    // `${a}${b}` without a blank between is one token to us but two fields to a person.
    std::string_view token = text.substr(begin, at - begin);
    while (!token.empty()) {
      const std::size_t close = token.find("}$");
      const std::size_t length = close == std::string_view::npos ? token.size() : close + 1;
      names.push_back(field::bare_name(token.substr(0, length)));
      token.remove_prefix(length);
    }
  }
  return names;
}

Error unknown_field(std::string_view text, std::string_view name) {
  std::string hint = "`weir fields` lists every field";
  if (const auto near = near_field_names(name); !near.empty()) {
    hint = fmt::format("did you mean {}?", fmt::join(near, " or "));
  }
  const auto offset = static_cast<std::size_t>(name.data() - text.data());
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return {.code = ErrorCode::usage,
          .message = fmt::format("unknown field '{}' in the format", name),
          .excerpt = fmt::format("{}\n{:>{}}", line, '^', offset + 1),
          .hint = std::move(hint)};
}

}  // namespace

void Format::append(FieldId id, std::string_view name) {
  if (id == FieldId::unknown) {
    std::string spelled(name);
    std::replace(spelled.begin(), spelled.end(), '_', '-');
    fields_.push_back({.id = id, .type = FieldType::text, .name = std::move(spelled)});
    return;
  }
  const FieldInfo& info = field_info(id);
  index_[static_cast<std::size_t>(id)] = static_cast<std::int16_t>(fields_.size());
  fields_.push_back({.id = id, .type = info.type, .name = std::string(info.name)});
}

Result<Format> Format::from_names(std::span<const std::string_view> names) {
  Format format;
  format.index_.fill(-1);
  if (names.empty()) {
    return Unexpected(
        {.code = ErrorCode::malformed, .message = "a format needs at least one field"});
  }
  for (const std::string_view name : names) {
    const std::size_t before = format.fields_.size();
    const FieldId id = find_field(name);
    const bool twice = id != FieldId::unknown ? format.has(id) : format.index_of(name) >= 0;
    if (before >= kMaxFormatFields || twice) {
      return Unexpected(
          {.code = ErrorCode::malformed,
           .message = twice ? fmt::format("field '{}' is listed twice", name)
                            : fmt::format("a format has at most {} fields", kMaxFormatFields)});
    }
    format.append(id, name);
  }
  return format;
}

Result<Format> Format::from_columns(std::span<const std::string_view> names) {
  Format format;
  format.index_.fill(-1);
  if (names.empty() || names.size() > kMaxFormatFields) {
    return Unexpected({.code = ErrorCode::malformed,
                       .message = fmt::format("a format has 1 to {} fields, not {}",
                                              kMaxFormatFields, names.size())});
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const FieldId id = find_field(names[i]);
    const bool twice = id != FieldId::unknown ? format.has(id) : format.index_of(names[i]) >= 0;
    if (twice) continue;
    format.append(id, names[i]);
    format.places_.push_back(static_cast<std::uint16_t>(i));
  }
  format.tokens_ = names.size();
  if (format.tokens_ == format.fields_.size()) format.places_.clear();
  return format;
}

Format Format::from_ids(std::span<const FieldId> ids) {
  Format format;
  format.index_.fill(-1);
  for (const FieldId id : ids) {
    if (!format.has(id)) format.append(id, {});
  }
  return format;
}

Result<Format> Format::parse(std::string_view text) {
  const std::vector<std::string_view> names = split_format(text);
  for (const std::string_view name : names) {
    if (find_field(name) == FieldId::unknown) return Unexpected(unknown_field(text, name));
  }
  Result<Format> format = from_names(names);
  if (!format) {
    format.error().code = ErrorCode::usage;
    format.error().excerpt = std::string(text);
    format.error().hint = kFormatHint;
  }
  return format;
}

Result<Format> Format::parse_log_format(std::string_view text, bool may_be_new) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  const auto is_quote = [](char c) { return c == '"' || c == '\'' || c == '`'; };
  std::string_view inside = text;
  if (first != last && first != std::string_view::npos && text[first] == text[last] &&
      is_quote(text[first])) {
    inside = text.substr(first + 1, last - first - 1);
    if (inside.find(text[first]) != std::string_view::npos) inside = text;  // each has its own
  }
  const std::vector<std::string_view> names = split_format(inside);
  // `column-7` is what `weir check --guess` calls a column of which nothing is known.
  const auto is_unknown = [](std::string_view name) {
    return find_field(name) == FieldId::unknown && !name.starts_with("column-");
  };
  // A list of new names alone is something else.
  if (!may_be_new || std::all_of(names.begin(), names.end(), is_unknown)) {
    const auto unknown = std::find_if(names.begin(), names.end(), is_unknown);
    if (unknown != names.end()) return Unexpected(unknown_field(text, *unknown));
  }
  Result<Format> format = from_columns(names);
  if (format) return format;
  format.error().code = ErrorCode::usage;
  format.error().excerpt = std::string(text);
  format.error().hint = kFormatHint;
  return format;
}

int Format::index_of(std::string_view name) const noexcept {
  const auto same = [](char a, char b) { return (a == '_' ? '-' : a) == (b == '_' ? '-' : b); };
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const std::string& own = fields_[i].name;
    if (own.size() == name.size() && std::equal(own.begin(), own.end(), name.begin(), same)) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

int Format::version() const noexcept {
  int version = 2;
  for (const FormatField& field : fields_) {
    if (field.id == FieldId::unknown) continue;
    version = std::max(version, static_cast<int>(field_info(field.id).version));
  }
  return version;
}

bool Format::is_transit_gateway() const noexcept {
  return std::any_of(fields_.begin(), fields_.end(), [](const FormatField& field) {
    return field.id != FieldId::unknown &&
           field_info(field.id).family == LogFamily::transit_gateway;
  });
}

std::string Format::header() const {
  std::string header;
  for (const FormatField& field : fields_) {
    if (!header.empty()) header += ' ';
    header += field.name;
  }
  return header;
}

std::string Format::label() const {
  for (const NamedFormat& known : known_formats()) {
    if (*known.format == *this) return known.name;
  }
  return fmt::format("custom {}, {} field{}",
                     is_transit_gateway() ? "Transit Gateway v6" : fmt::format("v{}", version()),
                     size(), size() == 1 ? "" : "s");
}

}  // namespace weir
