// SPDX-License-Identifier: Apache-2.0
// format: the ordered list of fields that the records of one object have.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/field.hpp"
#include "weir/result.hpp"

namespace weir {

/// Most fields of a format. AWS has 72; the rest is room for fields that are not known yet.
inline constexpr std::size_t kMaxFormatFields = 512;

/// One position of a format. A field that the catalogue does not know is a text column under its
/// own name.
struct FormatField {
  FieldId id = FieldId::unknown;
  FieldType type = FieldType::text;
  std::string name;  ///< with hyphens, as AWS writes it
};

/// An ordered list of distinct fields, and where they stand in a line. Immutable; shared by every
/// batch decoded with it.
class Format {
 public:
  /// Reads a format in any of its spellings: `${srcaddr} ${dstaddr}`, `$${srcaddr}`, `srcaddr
  /// dstaddr`, separators blank, comma or tab, hyphens or underscores.
  /// Errors: usage, naming the first unknown field with near names; or a field listed twice.
  static Result<Format> parse(std::string_view text);

  /// Reads the format of a log (`--format`, LogFormat): the same, but a field may be listed twice,
  /// since AWS lets one be: then each line has its value twice, and the first counts. Quotes around
  /// the whole are no part of it. `may_be_new`: a field that the catalogue lacks becomes a text
  /// column. Errors: usage, naming the first unknown field with near names.
  static Result<Format> parse_log_format(std::string_view text, bool may_be_new = false);

  /// Builds a format from field names. Unknown names become text columns.
  /// Errors: malformed if a name is listed twice or there is none.
  static Result<Format> from_names(std::span<const std::string_view> names);

  /// The same for the columns of a log. Of a name that is listed twice the first column counts.
  /// Errors: malformed if there are none, or too many.
  static Result<Format> from_columns(std::span<const std::string_view> names);

  static Format from_ids(std::span<const FieldId> ids);

  /// The 14 fields of version 2 in AWS's order: what a flow log has unless it says otherwise.
  static const Format& default_vpc();
  /// The 36 fields of a Transit Gateway flow log.
  static const Format& default_transit_gateway();

  std::span<const FormatField> fields() const noexcept { return fields_; }
  std::size_t size() const noexcept { return fields_.size(); }

  /// Tokens of a line: more than fields if a field is listed twice.
  std::size_t tokens() const noexcept { return places_.empty() ? fields_.size() : tokens_; }
  /// Which token of a line holds the value of a field.
  std::size_t place(std::size_t field) const noexcept {
    return places_.empty() ? field : places_[field];
  }

  /// Position of a field, or -1.
  int index_of(FieldId id) const noexcept {
    return id == FieldId::unknown ? -1 : index_[static_cast<std::size_t>(id)];
  }
  /// Position of a field by its name with hyphens (also unknown ones), or -1.
  int index_of(std::string_view name) const noexcept;
  bool has(FieldId id) const noexcept { return index_of(id) >= 0; }

  /// The highest version among the known fields: what AWS writes into `version`.
  int version() const noexcept;
  /// True if a Transit Gateway field is present.
  bool is_transit_gateway() const noexcept;

  /// Field names with hyphens, separated by blanks: a header line without its newline.
  std::string header() const;
  /// A short name for people: `default v2`, `Transit Gateway default`, `v5, 29 fields`.
  std::string label() const;

  friend bool operator==(const Format& a, const Format& b) {
    return a.header() == b.header() && a.tokens() == b.tokens() && a.places_ == b.places_;
  }

 private:
  void append(FieldId id, std::string_view name);

  std::vector<FormatField> fields_;
  std::array<std::int16_t, kFieldCount> index_{};
  std::vector<std::uint16_t> places_;  // token of each field; empty if each has its own
  std::size_t tokens_ = 0;             // if there are places_
};

using FormatPtr = std::shared_ptr<const Format>;

/// A format that headerless lines may have, with the words that name it.
struct NamedFormat {
  std::string name;  ///< `v5, table order`
  FormatPtr format;
  std::string source = {};  ///< the page that has the order, if it is a known one
};

/// What headerless lines are tried against: the default, every version's full set in table order
/// and in the alphabetical order that AWS's console produces, the Transit Gateway default, and the
/// custom formats of AWS's own pages and tools. src/field/known_orders.cpp lists them.
std::span<const NamedFormat> known_formats();

/// One flow log of a `describe-flow-logs` answer.
struct DescribedFlowLog {
  std::string flow_log_id;
  std::string log_group;
  FormatPtr format;
};

/// Reads the JSON that `aws ec2 describe-flow-logs` prints.
/// Errors: damaged if it is not JSON, malformed if it holds no FlowLogs with a LogFormat.
Result<std::vector<DescribedFlowLog>> parse_describe_flow_logs(std::string_view json,
                                                               std::string_view name);

}  // namespace weir
