// SPDX-License-Identifier: Apache-2.0
// render: batch -> JSON objects, one a record, one a line.
#include "render/escaped_text.hpp"
#include "render/record_columns.hpp"
#include "render/text_buffer.hpp"

namespace weir {
namespace {

/// `"version":` for the first field, `,"account_id":` for the others.
std::string key_text(std::string_view field_name, bool first) {
  StringSink sink;
  TextBuffer out(sink);
  if (!first) out.append(',');
  append_json_string(out, column_name(field_name));
  out.append(':');
  (void)out.flush();  // a StringSink takes everything
  return sink.text();
}

class JsonWriter final : public RecordWriter {
 public:
  JsonWriter(ByteSink& sink, bool as_array, std::optional<Format> columns)
      : out_(sink), as_array_(as_array), columns_(std::move(columns)) {
    if (as_array_) out_.append('[');
    if (columns_) prepare_keys(*columns_);
  }

  Result<void> write(const Batch& batch, const Selection& selection) override {
    const Format& format = columns_ ? *columns_ : *batch.format;
    if (!columns_ && change_.observe(batch.format)) prepare_keys(format);
    const std::vector<const Column*> columns = bind_columns(batch, format.fields());
    for (std::size_t i = 0; i < selection.count; ++i) {
      if (as_array_) out_.append(has_records_ ? ",\n" : "\n");
      has_records_ = true;
      write_record(format.fields(), columns, selection.rows[i]);
      if (!as_array_) out_.append('\n');
      if (auto done = out_.flush_when_full(); !done) return done;
    }
    return {};
  }

  Result<void> finish() override {
    if (as_array_) out_.append("\n]\n");
    return out_.flush();
  }

 private:
  void prepare_keys(const Format& format) {
    keys_.clear();
    for (const FormatField& field : format.fields()) {
      keys_.push_back(key_text(field.name, keys_.empty()));
    }
  }

  void write_record(std::span<const FormatField> fields, std::span<const Column* const> columns,
                    std::size_t row) {
    out_.append('{');
    for (std::size_t i = 0; i < fields.size(); ++i) {
      out_.append(keys_[i]);
      write_value(fields[i].type, columns[i], row);
    }
    out_.append('}');
  }

  void write_value(FieldType type, const Column* column, std::size_t row) {
    if (column == nullptr || column->nulls.test(row)) return out_.append("null");
    switch (type) {
      case FieldType::number:
      case FieldType::time:
        return out_.append_number(column->numbers[row]);
      case FieldType::address:
        out_.append('"');
        out_.append_ip(column->addresses[row]);
        return out_.append('"');
      case FieldType::text:
        return append_json_string(out_, column->texts[row]);
    }
  }

  TextBuffer out_;
  bool as_array_;
  bool has_records_ = false;
  std::optional<Format> columns_;
  FormatChange change_;
  std::vector<std::string> keys_;
};

}  // namespace

std::unique_ptr<RecordWriter> create_json_writer(ByteSink& sink, bool as_array,
                                                 std::optional<Format> columns) {
  return std::make_unique<JsonWriter>(sink, as_array, std::move(columns));
}

}  // namespace weir
