// SPDX-License-Identifier: Apache-2.0
// render: batch -> a table of records for a person.
//
// The first batch of a format decides the layout, so that records can be printed as they come; a
// new format begins a new table. What the tables cannot show is named below them.
#include <fmt/format.h>

#include "base/protocol.hpp"
#include "base/terminal_text.hpp"
#include "render/record_columns.hpp"
#include "render/record_layout.hpp"
#include "render/table_notes.hpp"
#include "render/text_buffer.hpp"

namespace weir::render {
namespace {

class TableWriter final : public RecordWriter {
 public:
  TableWriter(ByteSink& sink, const Style& style, std::optional<Format> columns)
      : out_(sink), style_(style), chosen_(std::move(columns)) {}

  using RecordWriter::write;
  Result<void> write(const Batch& batch, const Selection& selection) override {
    if (selection.count == 0) return {};
    const std::span<const FormatField> fields =
        chosen_ ? chosen_->fields() : batch.format->fields();
    const RecordCells cells(batch, fields, style_);
    const bool changed = change_.observe(batch.format);
    if (!has_table_ || (changed && !chosen_)) begin_table(cells, fields, selection);
    compare_constants(cells, fields, selection);
    for (std::size_t i = 0; i < selection.count; ++i) {
      write_record(cells, selection.rows[i]);
      if (auto done = out_.flush_when_full(); !done) return done;
    }
    return {};
  }

  Result<void> finish() override {
    std::string notes = notes_.text(style_);
    // Where a line with the date has not said so.
    if (shows_whole_times_) {
      notes += note_text(fmt::format("times are {}", style_.zone.name()), style_);
    }
    if (!notes.empty()) out_.append('\n');
    out_.append(notes);
    return out_.flush();
  }

 private:
  void begin_table(const RecordCells& cells, std::span<const FormatField> fields,
                   const Selection& selection);
  void compare_constants(const RecordCells& cells, std::span<const FormatField> fields,
                         const Selection& selection);
  void write_record(const RecordCells& cells, std::size_t row);
  void write_day(const RecordCells& cells, std::size_t row);
  std::string name(const FormatField& field) const {
    return base::printable(field.name, style_.unicode);
  }

  TextBuffer out_;
  Style style_;
  std::optional<Format> chosen_;
  FormatChange change_;
  RecordLayout layout_;
  std::vector<std::string> constants_;  // parallel to layout_.constant
  TableNotes notes_;
  std::optional<std::int64_t> day_;
  bool has_table_ = false;
  bool shows_whole_times_ = false;
};

void TableWriter::begin_table(const RecordCells& cells, std::span<const FormatField> fields,
                              const Selection& selection) {
  if (has_table_) out_.append('\n');
  has_table_ = true;
  day_.reset();
  layout_ = lay_out_records(cells, fields, selection, style_, chosen_.has_value());
  constants_.clear();
  for (const std::size_t field : layout_.constant) {
    constants_.push_back(cells.cell(field, selection.rows[0], {}).text);
    notes_.hide_constant(name(fields[field]), constants_.back());
  }
  for (const std::size_t field : layout_.hidden) notes_.hide(name(fields[field]));
  for (std::size_t i = 0; i < layout_.fields.size(); ++i) {
    const std::string shown = name(fields[layout_.fields[i]]);
    notes_.show(shown);
    shows_whole_times_ = shows_whole_times_ || (fields[layout_.fields[i]].type == FieldType::time &&
                                                !layout_.options.time_of_day);
    if (layout_.columns[i].title != shown) notes_.cut();
  }
  std::string line;
  append_painted(line, title_line(layout_.columns), Paint::title, style_.color);
  out_.append(line);
  out_.append('\n');
}

/// A field is in the notes as constant only as long as it is.
void TableWriter::compare_constants(const RecordCells& cells, std::span<const FormatField> fields,
                                    const Selection& selection) {
  for (std::size_t i = layout_.constant.size(); i-- > 0;) {
    const std::size_t field = layout_.constant[i];
    for (std::size_t at = 0; at < selection.count; ++at) {
      if (cells.cell(field, selection.rows[at], {}).text == constants_[i]) continue;
      notes_.hide(name(fields[field]));
      layout_.constant.erase(layout_.constant.begin() + static_cast<std::ptrdiff_t>(i));
      constants_.erase(constants_.begin() + static_cast<std::ptrdiff_t>(i));
      break;
    }
  }
}

void TableWriter::write_record(const RecordCells& cells, std::size_t row) {
  if (layout_.options.time_of_day) write_day(cells, row);
  const Paint row_paint = cells.row_paint(row);
  std::string line;
  std::size_t used = 0;
  for (std::size_t i = 0; i < layout_.columns.size(); ++i) {
    const CellText cell = cells.cell(layout_.fields[i], row, layout_.options);
    const Paint paint = row_paint == Paint::plain ? cell.paint : Paint::plain;
    if (!append_cell(line, used, layout_.columns[i], cell.text, paint, style_)) notes_.cut();
  }
  std::string painted;
  append_painted(painted, line, row_paint, style_.color);
  out_.append(painted);
  out_.append('\n');
}

/// The date on a line of its own, where it differs from the record before.
void TableWriter::write_day(const RecordCells& cells, std::size_t row) {
  const std::optional<std::int64_t> day = cells.day(row);
  if (!day || day == day_) return;
  day_ = day;
  // The day is local already; `2026-11-22` are the first ten characters.
  const std::string date = format_time(*day * base::kSecondsOfDay).substr(0, 10);
  std::string line;
  append_painted(line, fmt::format("{} {}", date, style_.zone.name()), Paint::title, style_.color);
  out_.append(line);
  out_.append('\n');
}

}  // namespace

std::unique_ptr<RecordWriter> create_table_writer(ByteSink& sink, const Style& style,
                                                  std::optional<Format> columns) {
  return std::make_unique<TableWriter>(sink, style, std::move(columns));
}

}  // namespace weir::render
