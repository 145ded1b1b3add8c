// SPDX-License-Identifier: Apache-2.0
// explain: record -> sentences. The main fact comes first; what the record does not hold is not
// said.
#include "weir/explain.hpp"

#include <fmt/format.h>

#include <vector>

#include "explain/clauses.hpp"
#include "explain/words.hpp"

namespace weir {
namespace {

constexpr std::size_t kMostNamedFields = 5;

std::string main_sentence(const RecordView& record, const TimeZone& zone) {
  return capitalized(traffic_words(record)) + place_words(record) + verdict_words(record) +
         amount_words(record, zone) + ".";
}

/// `name value` of the fields that `wanted` picks, the first few of them.
template <class Wanted>
std::string field_list(const RecordView& record, Wanted wanted) {
  std::vector<std::string> parts;
  std::size_t more = 0;
  const auto fields = record.format().fields();
  for (std::size_t position = 0; position < fields.size(); ++position) {
    const auto value = record.written(position);
    if (!value || !wanted(fields[position])) continue;
    if (parts.size() == kMostNamedFields) {
      ++more;
    } else {
      parts.push_back(fmt::format("{} {}", quotable(fields[position].name), quotable(*value)));
    }
  }
  if (more != 0) parts.push_back(fmt::format("{} more", more));
  return listed(parts);
}

std::string unknown_fields_sentence(const RecordView& record) {
  const std::string names =
      field_list(record, [](const FormatField& field) { return field.id == FieldId::unknown; });
  return names.empty() ? names : fmt::format("Fields that weir does not know: {}.", names);
}

/// A record that tells nothing of its traffic: its fields are all there is to say.
std::string bare_sentence(const RecordView& record) {
  const std::string names =
      field_list(record, [](const FormatField& field) { return field.id != FieldId::unknown; });
  return names.empty() ? "Traffic was recorded." : fmt::format("Traffic was recorded: {}.", names);
}

bool is_empty(const RecordView& record) {
  for (std::size_t position = 0; position < record.format().size(); ++position) {
    if (record.written(position)) return false;
  }
  return true;
}

}  // namespace

std::string explain_record(const Batch& batch, std::size_t row, const TimeZone& zone) {
  const RecordView record(batch, row);
  if (is_empty(record)) return "All fields of this record are missing.";
  const std::string unknown = unknown_fields_sentence(record);
  if (const std::string text = no_traffic_sentence(record, zone); !text.empty()) {
    const std::string sentences[] = {text, unknown};
    return joined(sentences, " ");
  }
  std::string sentences[] = {main_sentence(record, zone),   status_sentence(record),
                             connection_sentence(record),   transit_sentence(record),
                             lost_packets_sentence(record), path_sentence(record),
                             icmp_sentence(record),         reject_sentence(record)};
  if (joined(sentences, "") == "Traffic was recorded.") sentences[0] = bare_sentence(record);
  return fmt::format("{}{}{}", joined(sentences, " "), unknown.empty() ? "" : " ", unknown);
}

}  // namespace weir
