// SPDX-License-Identifier: Apache-2.0
// render: the output kinds, and what the writers of records share.
#include <algorithm>
#include <array>
#include <utility>

#include "render/record_columns.hpp"

namespace weir {
namespace {

constexpr std::array<std::pair<OutputKind, std::string_view>, 6> kOutputKinds = {{
    {OutputKind::table, "table"},
    {OutputKind::csv, "csv"},
    {OutputKind::tsv, "tsv"},
    {OutputKind::json, "json"},
    {OutputKind::ndjson, "ndjson"},
    {OutputKind::flowlog, "flowlog"},
}};

}  // namespace

std::optional<OutputKind> find_output_kind(std::string_view name) noexcept {
  for (const auto& [kind, kind_name] : kOutputKinds) {
    if (kind_name == name) return kind;
  }
  return std::nullopt;
}

std::string_view output_kind_name(OutputKind kind) noexcept {
  return kOutputKinds[static_cast<std::size_t>(kind)].second;
}

std::unique_ptr<RecordWriter> RecordWriter::create(OutputKind kind, ByteSink& sink,
                                                   const Style& style,
                                                   std::optional<Format> columns) {
  switch (kind) {
    case OutputKind::csv:
    case OutputKind::tsv:
      return render::create_delimited_writer(kind, sink, std::move(columns), style.machine_zone());
    case OutputKind::json:
    case OutputKind::ndjson:
      return render::create_json_writer(sink, kind == OutputKind::json, std::move(columns),
                                        style.machine_zone());
    case OutputKind::flowlog:
      return render::create_flowlog_writer(sink, std::move(columns));
    case OutputKind::table:
      break;
  }
  return render::create_table_writer(sink, style, std::move(columns));
}

Result<void> RecordWriter::write(const RenderedRecords& /*records*/) {
  return Unexpected({.code = ErrorCode::usage,
                     .message = "this output needs its records as batches",
                     .hint = "ask renderer() first: it is null for a table"});
}

std::vector<const Column*> render::bind_columns(const Batch& batch,
                                                std::span<const FormatField> fields) {
  std::vector<const Column*> columns;
  columns.reserve(fields.size());
  for (const FormatField& field : fields) {
    const int index = field.id == FieldId::unknown ? batch.format->index_of(field.name)
                                                   : batch.format->index_of(field.id);
    const Column* column = index < 0 ? nullptr : &batch.columns[static_cast<std::size_t>(index)];
    columns.push_back(column != nullptr && column->decoded ? column : nullptr);
  }
  return columns;
}

void render::note_dropped_fields(const Format& format, const Format& fields,
                                 std::vector<std::string>& dropped) {
  for (const FormatField& field : format.fields()) {
    if (fields.index_of(field.name) >= 0) continue;
    if (std::find(dropped.begin(), dropped.end(), field.name) == dropped.end()) {
      dropped.push_back(field.name);
    }
  }
}

bool render::FormatChange::observe(const FormatPtr& format) {
  if (last_ == format) return false;
  const bool changed = last_ == nullptr || !(*last_ == *format);
  last_ = format;
  return changed;
}

}  // namespace weir
