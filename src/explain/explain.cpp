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

std::string main_sentence(const explain::RecordView& record, const TimeZone& zone) {
  return explain::capitalized(explain::traffic_words(record)) + explain::place_words(record) +
         explain::verdict_words(record) + explain::amount_words(record, zone) + ".";
}

/// `name value` of the fields that `wanted` picks, the first few of them.
template <class Wanted>
std::string field_list(const explain::RecordView& record, Wanted wanted) {
  std::vector<std::string> parts;
  std::size_t more = 0;
  const auto fields = record.format().fields();
  for (std::size_t position = 0; position < fields.size(); ++position) {
    const auto value = record.written(position);
    if (!value || !wanted(fields[position])) continue;
    if (parts.size() == kMostNamedFields) {
      ++more;
    } else {
      parts.push_back(fmt::format("{} {}", explain::quotable(fields[position].name),
                                  explain::quotable(*value)));
    }
  }
  if (more != 0) parts.push_back(fmt::format("{} more", more));
  return explain::listed(parts);
}

std::string unknown_fields_sentence(const explain::RecordView& record) {
  const std::string names =
      field_list(record, [](const FormatField& field) { return field.id == FieldId::unknown; });
  return names.empty() ? names : fmt::format("Fields that weir does not know: {}.", names);
}

/// A record that tells nothing of its traffic: its fields are all there is to say.
std::string bare_sentence(const explain::RecordView& record) {
  const std::string names =
      field_list(record, [](const FormatField& field) { return field.id != FieldId::unknown; });
  return names.empty() ? "Traffic was recorded." : fmt::format("Traffic was recorded: {}.", names);
}

bool is_empty(const explain::RecordView& record) {
  for (std::size_t position = 0; position < record.format().size(); ++position) {
    if (record.written(position)) return false;
  }
  return true;
}

}  // namespace

std::string explain_record(const Batch& batch, std::size_t row, const TimeZone& zone) {
  const explain::RecordView record(batch, row);
  if (is_empty(record)) return "All fields of this record are missing.";
  const std::string unknown = unknown_fields_sentence(record);
  if (const std::string text = explain::no_traffic_sentence(record, zone); !text.empty()) {
    const std::string sentences[] = {text, unknown};
    return explain::joined(sentences, " ");
  }
  std::string sentences[] = {main_sentence(record, zone),
                             explain::status_sentence(record),
                             explain::connection_sentence(record),
                             explain::transit_sentence(record),
                             explain::lost_packets_sentence(record),
                             explain::path_sentence(record),
                             explain::icmp_sentence(record),
                             explain::reject_sentence(record)};
  if (explain::joined(sentences, "") == "Traffic was recorded.")
    sentences[0] = bare_sentence(record);
  return fmt::format("{}{}{}", explain::joined(sentences, " "), unknown.empty() ? "" : " ",
                     unknown);
}

}  // namespace weir
