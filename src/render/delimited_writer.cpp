// SPDX-License-Identifier: Apache-2.0
// render: batch -> CSV or TSV with one header line.
#include "render/escaped_text.hpp"
#include "render/machine_writer.hpp"
#include "render/row_renderer.hpp"

namespace weir::render {
namespace {

struct CsvDialect {
  using Bytes = CsvBytes;
  static constexpr std::size_t kLeastPlain = 1;  // an empty text has quotes
  static constexpr bool kIsJson = false;
  static constexpr char kSeparator = ',';
  static constexpr std::string_view kRecordEnd = "\n";

  static FieldFrame frame(const FormatField& /*field*/, std::size_t /*index*/, std::size_t count) {
    // A line with nothing on it is no record to most readers of CSV.
    return {.before = {}, .missing = count == 1 ? "\"\"" : ""};
  }
  static void append_text(TextBlock& out, std::string_view text, bool /*percent_encoded*/) {
    append_csv_text(out, text);
  }
};

struct TsvDialect {
  using Bytes = TsvBytes;
  static constexpr std::size_t kLeastPlain = 2;  // a lone hyphen is odd
  static constexpr bool kIsJson = false;
  static constexpr char kSeparator = '\t';
  static constexpr std::string_view kRecordEnd = "\n";

  static FieldFrame frame(const FormatField& /*field*/, std::size_t /*index*/,
                          std::size_t /*count*/) {
    return {.before = {}, .missing = "-"};
  }
  static void append_text(TextBlock& out, std::string_view text, bool /*percent_encoded*/) {
    append_tsv_text(out, text);
  }
};

class DelimitedWriter final : public MachineWriter {
 public:
  DelimitedWriter(OutputKind kind, ByteSink& sink, std::optional<Format> columns,
                  std::optional<TimeZone> zone)
      : MachineWriter(sink),
        zone_(zone),
        is_csv_(kind == OutputKind::csv),
        were_chosen_(columns.has_value()),
        columns_(std::move(columns)) {}

  std::unique_ptr<RecordRenderer> renderer() const override {
    if (!columns_) return nullptr;
    if (is_csv_) return std::make_unique<RowRenderer<CsvDialect>>(columns_, zone_);
    return std::make_unique<RowRenderer<TsvDialect>>(columns_, zone_);
  }

 private:
  void expect(const FormatPtr& format, bool has_records) override {
    if (first_format_ == nullptr) first_format_ = format;
    if (!columns_ && has_records) columns_ = *format;
  }

  Result<void> write_run(const FormatPtr& format, std::string_view text) override {
    if (text.empty()) return {};
    if (!has_header_) write_header();
    // Columns that someone chose drop what they were meant to drop.
    if (change_.observe(format) && !were_chosen_) {
      note_dropped_fields(*format, *columns_, dropped_fields_);
    }
    return out_.write(text);
  }

  void close() override {
    if (!columns_ && first_format_ != nullptr) columns_ = *first_format_;
    if (!has_header_ && columns_) write_header();
  }

  void write_header() {
    has_header_ = true;
    std::size_t written = 0;
    for (const FormatField& field : columns_->fields()) {
      if (written++ > 0) out_.append(is_csv_ ? ',' : '\t');
      const std::string name = column_name(field.name);
      is_csv_ ? append_csv_text(out_, name) : append_tsv_text(out_, name);
    }
    out_.append('\n');
  }

  std::optional<TimeZone> zone_;
  bool is_csv_;
  bool were_chosen_;
  bool has_header_ = false;
  std::optional<Format> columns_;
  FormatPtr first_format_;
  FormatChange change_;
};

}  // namespace

std::unique_ptr<RecordWriter> create_delimited_writer(OutputKind kind, ByteSink& sink,
                                                      std::optional<Format> columns,
                                                      std::optional<TimeZone> zone) {
  return std::make_unique<DelimitedWriter>(kind, sink, std::move(columns), zone);
}

}  // namespace weir::render
