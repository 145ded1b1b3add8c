// SPDX-License-Identifier: Apache-2.0
// render: batch -> flow-log lines, as AWS writes them to S3.
//
// A header line with hyphens, single blanks, `-` for what is missing, times in seconds (AWS VPC
// User Guide, "Flow log files":
// https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html).
#include "render/escaped_text.hpp"
#include "render/record_columns.hpp"
#include "render/text_buffer.hpp"

namespace weir {
namespace {

class FlowlogWriter final : public RecordWriter {
 public:
  FlowlogWriter(ByteSink& sink, std::optional<Format> columns)
      : out_(sink), columns_(std::move(columns)) {}

  Result<void> write(const Batch& batch, const Selection& selection) override {
    if (first_format_ == nullptr) first_format_ = batch.format;
    if (selection.count == 0) return {};
    const Format& format = columns_ ? *columns_ : *batch.format;
    const bool changed = change_.observe(batch.format);
    if (!has_header_ || (changed && !columns_)) write_header(format);
    const std::vector<const Column*> columns = bind_columns(batch, format.fields());
    for (std::size_t i = 0; i < selection.count; ++i) {
      write_record(format.fields(), columns, selection.rows[i]);
      if (auto done = out_.flush_when_full(); !done) return done;
    }
    return {};
  }

  Result<void> finish() override {
    // No record passed: the header alone still says what they would have had.
    if (!has_header_ && columns_) write_header(*columns_);
    if (!has_header_ && first_format_ != nullptr) write_header(*first_format_);
    return out_.flush();
  }

 private:
  void write_header(const Format& format) {
    out_.append(format.header());
    out_.append('\n');
    has_header_ = true;
  }

  void write_record(std::span<const FormatField> fields, std::span<const Column* const> columns,
                    std::size_t row) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i > 0) out_.append(' ');
      write_value(fields[i], columns[i], row);
    }
    out_.append('\n');
  }

  void write_value(const FormatField& field, const Column* column, std::size_t row) {
    if (column == nullptr || column->nulls.test(row)) return out_.append('-');
    switch (field.type) {
      case FieldType::number:
      case FieldType::time:
        return out_.append_number(column->numbers[row]);
      case FieldType::address:
        return out_.append_ip(column->addresses[row]);
      case FieldType::text:
        return append_log_text(out_, column->texts[row], is_percent_encoded(field));
    }
  }

  static bool is_percent_encoded(const FormatField& field) noexcept {
    return field.id != FieldId::unknown && field_info(field.id).percent_encoded;
  }

  TextBuffer out_;
  std::optional<Format> columns_;
  FormatPtr first_format_;
  FormatChange change_;
  bool has_header_ = false;
};

}  // namespace

std::unique_ptr<RecordWriter> create_flowlog_writer(ByteSink& sink, std::optional<Format> columns) {
  return std::make_unique<FlowlogWriter>(sink, std::move(columns));
}

}  // namespace weir
