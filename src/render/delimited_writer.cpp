// SPDX-License-Identifier: Apache-2.0
// render: batch -> CSV or TSV with one header line.
#include "render/escaped_text.hpp"
#include "render/record_columns.hpp"
#include "render/text_buffer.hpp"

namespace weir {
namespace {

class DelimitedWriter final : public RecordWriter {
 public:
  DelimitedWriter(OutputKind kind, ByteSink& sink, std::optional<Format> columns)
      : out_(sink),
        is_csv_(kind == OutputKind::csv),
        were_chosen_(columns.has_value()),
        columns_(std::move(columns)) {}

  Result<void> write(const Batch& batch, const Selection& selection) override {
    if (first_format_ == nullptr) first_format_ = batch.format;
    if (selection.count == 0) return {};
    if (!columns_) columns_ = *batch.format;
    if (!has_header_) write_header();
    // Columns that someone chose drop what they were meant to drop.
    if (change_.observe(batch.format) && !were_chosen_) {
      note_dropped_fields(*batch.format, *columns_, dropped_fields_);
    }
    const std::vector<const Column*> columns = bind_columns(batch, columns_->fields());
    for (std::size_t i = 0; i < selection.count; ++i) {
      write_record(columns, selection.rows[i]);
      if (auto done = out_.flush_when_full(); !done) return done;
    }
    return {};
  }

  Result<void> finish() override {
    if (!columns_ && first_format_ != nullptr) columns_ = *first_format_;
    if (!has_header_ && columns_) write_header();
    return out_.flush();
  }

 private:
  void write_header() {
    has_header_ = true;
    std::size_t written = 0;
    for (const FormatField& field : columns_->fields()) {
      if (written++ > 0) out_.append(delimiter());
      append_text(column_name(field.name));
    }
    out_.append('\n');
  }

  void write_record(std::span<const Column* const> columns, std::size_t row) {
    const std::span<const FormatField> fields = columns_->fields();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i > 0) out_.append(delimiter());
      write_value(fields[i].type, columns[i], row);
    }
    out_.append('\n');
  }

  void write_value(FieldType type, const Column* column, std::size_t row) {
    if (column == nullptr || column->nulls.test(row)) return append_missing();
    switch (type) {
      case FieldType::number:
      case FieldType::time:
        return out_.append_number(column->numbers[row]);
      case FieldType::address:
        return out_.append_ip(column->addresses[row]);
      case FieldType::text:
        return append_text(column->texts[row]);
    }
  }

  void append_missing() {
    if (!is_csv_) return out_.append('-');
    // A line with nothing on it is no record to most readers of CSV.
    if (columns_->size() == 1) out_.append("\"\"");
  }
  void append_text(std::string_view text) {
    is_csv_ ? append_csv_text(out_, text) : append_tsv_text(out_, text);
  }
  char delimiter() const noexcept { return is_csv_ ? ',' : '\t'; }

  TextBuffer out_;
  bool is_csv_;
  bool were_chosen_;
  bool has_header_ = false;
  std::optional<Format> columns_;
  FormatPtr first_format_;
  FormatChange change_;
};

}  // namespace

std::unique_ptr<RecordWriter> create_delimited_writer(OutputKind kind, ByteSink& sink,
                                                      std::optional<Format> columns) {
  return std::make_unique<DelimitedWriter>(kind, sink, std::move(columns));
}

}  // namespace weir
