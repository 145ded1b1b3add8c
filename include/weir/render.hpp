// SPDX-License-Identifier: Apache-2.0
// render: batches and result tables -> text, for people (table) and for programs (the rest).
#pragma once

#include <cstdint>
#include <cstring>
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

/// How text for people is drawn, and in which zone programs get their times.
struct Style {
  bool color = false;
  std::size_t width = 80;  ///< columns of the terminal
  bool unicode = true;     ///< false: `#` and `...` for bars and ellipses
  TimeZone zone = {};
  /// The zone was asked for: csv, tsv and JSON have times in it, as ISO 8601 with the offset.
  /// Otherwise they have what is usual: records Unix seconds, answers ISO 8601 in UTC.
  bool is_zoned = false;

  std::optional<TimeZone> machine_zone() const {
    return is_zoned ? std::optional(zone) : std::nullopt;
  }
};

/// Text that grows, in one block of memory that is kept when it is cleared.
class TextBlock {
 public:
  /// Makes room for `count` bytes and returns where they go; advance() takes what was used.
  char* room(std::size_t count) {
    if (capacity_ - size_ < count) grow(count);
    return bytes_.get() + size_;
  }
  void advance(std::size_t count) noexcept { size_ += count; }
  void advance_to(const char* end) noexcept {
    size_ = static_cast<std::size_t>(end - bytes_.get());
  }

  void append(char byte) {
    *room(1) = byte;
    ++size_;
  }
  void append(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(room(text.size()), text.data(), text.size());
    size_ += text.size();
  }
  void clear() noexcept { size_ = 0; }
  std::string_view view() const noexcept { return {bytes_.get(), size_}; }
  std::size_t size() const noexcept { return size_; }

 private:
  void grow(std::size_t count);

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// Records as text, between the thread that rendered them and the writer that puts them in order.
struct RenderedRecords {
  /// Records of one format that follow each other. One may be empty: the format was met, and no
  /// record of it was selected.
  struct Run {
    FormatPtr format;
    std::size_t begin = 0;  ///< where its text begins
  };

  TextBlock text;
  std::vector<Run> runs;
  std::uint64_t records = 0;

  /// Memory: kept for the next records.
  void clear() noexcept {
    text.clear();
    runs.clear();
    records = 0;
  }
};

/// Turns records into text, whatever stands before or after them.
/// Threads: one at a time; renderers share nothing.
class RecordRenderer {
 public:
  virtual ~RecordRenderer() = default;
  /// Appends the selected rows.
  virtual void render(const Batch& batch, const Selection& selection, RenderedRecords& out) = 0;
};

/// Writes records.
///
/// Shape:   ndjson and json: one object a record, every field of that record's own format in its
///          order. csv, tsv, table: the columns given at creation, or else those of the first
///          batch; a field that a record lacks is empty (csv), `-` (tsv, table). flowlog: a header
///          line, and a new one where the format changes; with columns given, these alone.
/// Errors:  what the sink reports.
/// Threads: one at a time. To write with several: each renders with a renderer() of its own, and
///          what they made is handed to write() in the order of the input. The bytes are those that
///          writing every batch would give.
class RecordWriter {
 public:
  /// `columns` selects and orders fields; without value every field is written.
  static std::unique_ptr<RecordWriter> create(OutputKind kind, ByteSink& sink, const Style& style,
                                              std::optional<Format> columns);
  virtual ~RecordWriter() = default;
  virtual Result<void> write(const Batch& batch, const Selection& selection) = 0;
  /// Errors: also usage, from a writer that has no renderer().
  virtual Result<void> write(const RenderedRecords& records);
  /// A renderer for one thread. Null if records must come as batches: always for a table; for csv
  /// and tsv until their columns are known, which is when a record was written at the latest.
  virtual std::unique_ptr<RecordRenderer> renderer() const { return nullptr; }
  /// Writes what closes the output: the end of a JSON array, a table's notes on what was cut.
  virtual Result<void> finish() = 0;
  /// Fields that records had and the fixed columns of csv, tsv or table could not show.
  const std::vector<std::string>& dropped_fields() const noexcept { return dropped_fields_; }

 protected:
  std::vector<std::string> dropped_fields_;
};

/// One cell of a result table. Sums are 128 bits wide, so that they cannot overflow.
using Cell = std::variant<std::monostate, unsigned __int128, double, Ip, std::string>;

/// What a column of a result table holds; decides alignment and how people see it. JSON outputs
/// write the texts of `count`, `number` and `json` as they are.
enum class CellKind : std::uint8_t {
  text,
  count,       ///< a number of things: 12,345
  byte_count,  ///< table shows 1.2 MiB, machines the exact number
  time,        ///< Unix seconds; table shows the zone's time
  share,       ///< 0..1; table shows a percentage
  bar,         ///< 0..1; table draws a bar, machines do not get the column
  field,       ///< a value of `ResultColumn::field`; table shows names (TCP, ssh, SYN-ACK)
  number,      ///< any number or truth value; as text if it is not a Cell of its own: `-12`, `0.50`
  json,        ///< text that is JSON
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
  /// Times are ISO 8601 in `zone`, with its offset; in UTC if there is none.
  /// Errors: usage; flowlog holds records, and a table for people needs all rows at once.
  static Result<std::unique_ptr<ResultWriter>> create(std::vector<ResultColumn> columns,
                                                      OutputKind kind, ByteSink& sink,
                                                      std::optional<TimeZone> zone = {});
  virtual ~ResultWriter() = default;
  virtual Result<void> write(const std::vector<Cell>& row) = 0;
  /// Writes what closes the output.
  virtual Result<void> finish() = 0;
};

/// Writes a result table. flowlog cannot hold results: usage error.
Result<void> write_result(const ResultTable& table, OutputKind kind, ByteSink& sink,
                          const Style& style);

/// 4249 -> `4,249`.
std::string with_thousands(unsigned __int128 value);
/// 1536 -> `1.5 KiB`.
std::string human_bytes(unsigned __int128 value);
/// Columns that text takes on a terminal: UTF-8 aware, escape sequences count nothing.
std::size_t display_width(std::string_view text) noexcept;

}  // namespace weir
