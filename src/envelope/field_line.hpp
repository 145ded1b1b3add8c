// SPDX-License-Identifier: Apache-2.0
// envelope: named values -> one flow-log line. For wrappings that name the fields themselves.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/format.hpp"

namespace weir::envelope {

/// Which of an object's names are fields of a flow log, and where they go. The fields keep the
/// order of the names, so that values can be written as they come.
struct FieldLayout {
  FormatPtr format;            ///< null if no name is kept
  std::vector<int> positions;  ///< one a name: its place in the format, or -1 if it is left out
  std::size_t names = 0;       ///< names that are no metadata
  std::size_t known = 0;       ///< those that the catalogue has
  std::size_t telling = 0;     ///< those that hardly anything but a flow log has: `srcaddr`
  /// Names of a field that another name had before: place among the names, and that of the first.
  std::vector<std::pair<std::size_t, std::size_t>> repeated;
};

/// Where names stand. `SubnetId` is a field in a header that is one, and in JSON and Parquet a name
/// of the AWS API, whose answers are no flow logs.
enum class Names : std::uint8_t { members, header };

/// Lays out names as they are written in JSON objects, Logs Insights results, Athena tables and
/// CSV headers. A name that the catalogue does not know becomes a text field; one that comes twice
/// or begins with `@` or `_` (CloudWatch's and OpenSearch's own) is left out.
FieldLayout lay_out(std::span<const std::string_view> names, Names kind = Names::members);

/// A name as that of a text field: one token that can stand in a header line.
std::string as_field_name(std::string_view name);

/// True if an object with these names is a record rather than something that shares a few words.
bool is_record(const FieldLayout& layout) noexcept;

/// Appends a value as one token. Missing values become `-`, 25238.0 becomes 25238, dates become
/// Unix seconds, texts are percent-encoded. What cannot be a value of the field is appended as it
/// is: the decoder rejects it. Adds to `coarse_times` if the value is a date without a time of day.
void append_token(std::string& line, const FormatField& field, std::string_view value,
                  std::uint64_t& coarse_times);

}  // namespace weir::envelope
