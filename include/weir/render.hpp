// SPDX-License-Identifier: Apache-2.0
// render: batches and result tables -> text, for people (table) and for programs (the rest).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "weir/batch.hpp"
#include "weir/result.hpp"
#include "weir/source.hpp"
#include "weir/time.hpp"

namespace weir {

enum class OutputKind : std::uint8_t { table, csv, tsv, json, ndjson, flowlog };
std::optional<OutputKind> find_output_kind(std::string_view name) noexcept;
std::string_view output_kind_name(OutputKind kind) noexcept;

/// How text for people is drawn.
struct Style {
  bool color = false;
  std::size_t width = 80;  ///< columns of the terminal
  bool unicode = true;     ///< false: `#` and `...` for bars and ellipses
  TimeZone zone = {};
};

/// Writes records.
///
/// Shape:   ndjson and json: one object a record, every field of that record's own format in its
///          order. csv, tsv, table: the columns given at creation, or else those of the first
///          batch; a field that a record lacks is empty (csv), `-` (tsv, table). flowlog: a header
///          line, and a new one where the format changes; with columns given, these alone.
/// Errors:  what the sink reports.
/// Threads: one at a time.
class RecordWriter {
 public:
  /// `columns` selects and orders fields; without value every field is written.
  static std::unique_ptr<RecordWriter> create(OutputKind kind, ByteSink& sink, const Style& style,
                                              std::optional<Format> columns);
  virtual ~RecordWriter() = default;
  virtual Result<void> write(const Batch& batch, const Selection& selection) = 0;
  /// Writes what closes the output: the end of a JSON array, a table's notes on what was cut.
  virtual Result<void> finish() = 0;
  /// Fields that records had and the fixed columns of csv, tsv or table could not show.
  const std::vector<std::string>& dropped_fields() const noexcept { return dropped_fields_; }

 protected:
  std::vector<std::string> dropped_fields_;
};

/// One cell of a result table. Sums are 128 bits wide, so that they cannot overflow.
using Cell = std::variant<std::monostate, unsigned __int128, double, Ip, std::string>;

/// What a column of a result table holds; decides alignment and how people see it.
enum class CellKind : std::uint8_t {
  text,
  count,       ///< a number of things: 12,345
  byte_count,  ///< table shows 1.2 MiB, machines the exact number
  time,        ///< Unix seconds; table shows the zone's time
  share,       ///< 0..1; table shows a percentage
  bar,         ///< 0..1; table draws a bar, machines do not get the column
  field,       ///< a value of `ResultColumn::field`; table shows names (TCP, ssh, SYN-ACK)
};

struct ResultColumn {
  std::string name;  ///< with underscores
  CellKind kind = CellKind::text;
  FieldId field = FieldId::unknown;  ///< for CellKind::field
};

/// A finished answer: rows of typed cells.
struct ResultTable {
  std::vector<ResultColumn> columns;
  std::vector<std::vector<Cell>> rows;
  std::vector<std::string> notes;  ///< lines under the table, for people only
};

/// Writes the rows of an answer for programs as they come.
/// Errors:  what the sink reports.
/// Threads: one at a time.
class ResultWriter {
 public:
  /// Errors: usage; flowlog holds records, and a table for people needs all rows at once.
  static Result<std::unique_ptr<ResultWriter>> create(std::vector<ResultColumn> columns,
                                                      OutputKind kind, ByteSink& sink);
  virtual ~ResultWriter() = default;
  virtual Result<void> write(const std::vector<Cell>& row) = 0;
  /// Writes what closes the output.
  virtual Result<void> finish() = 0;
};

/// Writes a result table. flowlog is no shape for results: usage error.
Result<void> write_result(const ResultTable& table, OutputKind kind, ByteSink& sink,
                          const Style& style);

/// 4249 -> `4,249`.
std::string with_thousands(unsigned __int128 value);
/// 1536 -> `1.5 KiB`.
std::string human_bytes(unsigned __int128 value);
/// Columns that text takes on a terminal: UTF-8 aware, escape sequences count nothing.
std::size_t display_width(std::string_view text) noexcept;

}  // namespace weir
