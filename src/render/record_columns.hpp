// SPDX-License-Identifier: Apache-2.0
// render: what the writers of records share.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "weir/batch.hpp"
#include "weir/render.hpp"

namespace weir::render {

/// The column of each output field, in their order; null where this batch has none.
std::vector<const Column*> bind_columns(const Batch& batch, std::span<const FormatField> fields);

/// Adds the fields of `format` that `fields` lacks to `dropped`, each once.
void note_dropped_fields(const Format& format, const Format& fields,
                         std::vector<std::string>& dropped);

/// The format of the batch before, so that a change of format is seen without comparing names.
class FormatChange {
 public:
  /// True if `format` differs from the one of the last call, and on the first call.
  bool observe(const FormatPtr& format);

 private:
  FormatPtr last_;
};

// The writers behind RecordWriter::create(), one file each. With a zone, times are ISO 8601.
std::unique_ptr<RecordWriter> create_flowlog_writer(ByteSink& sink, std::optional<Format> columns);
std::unique_ptr<RecordWriter> create_json_writer(ByteSink& sink, bool as_array,
                                                 std::optional<Format> columns,
                                                 std::optional<TimeZone> zone);
std::unique_ptr<RecordWriter> create_delimited_writer(OutputKind kind, ByteSink& sink,
                                                      std::optional<Format> columns,
                                                      std::optional<TimeZone> zone);
std::unique_ptr<RecordWriter> create_table_writer(ByteSink& sink, const Style& style,
                                                  std::optional<Format> columns);

}  // namespace weir::render
