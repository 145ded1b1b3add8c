// SPDX-License-Identifier: Apache-2.0
// render: batch -> flow-log lines, as AWS writes them to S3.
//
// A header line with hyphens, single blanks, `-` for what is missing, times in seconds (AWS VPC
// User Guide, "Flow log files":
// https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html).
#include "render/escaped_text.hpp"
#include "render/machine_writer.hpp"
#include "render/row_renderer.hpp"

namespace weir::render {
namespace {

struct FlowlogDialect {
  using Bytes = LogBytes;
  static constexpr std::size_t kLeastPlain = 2;  // an empty text and a lone hyphen are odd
  static constexpr bool kIsJson = false;
  static constexpr char kSeparator = ' ';
  static constexpr std::string_view kRecordEnd = "\n";

  static FieldFrame frame(const FormatField& /*field*/, std::size_t /*index*/,
                          std::size_t /*count*/) {
    return {.before = {}, .missing = "-"};
  }
  static void append_text(TextBlock& out, std::string_view text, bool percent_encoded) {
    append_log_text(out, text, percent_encoded);
  }
};

class FlowlogWriter final : public MachineWriter {
 public:
  FlowlogWriter(ByteSink& sink, std::optional<Format> columns)
      : MachineWriter(sink), columns_(std::move(columns)) {}

  std::unique_ptr<RecordRenderer> renderer() const override {
    return std::make_unique<RowRenderer<FlowlogDialect>>(columns_);
  }

 private:
  Result<void> write_run(const FormatPtr& format, std::string_view text) override {
    if (first_format_ == nullptr) first_format_ = format;
    if (text.empty()) return {};
    const bool changed = change_.observe(format);
    if (!has_header_ || (changed && !columns_)) write_header(columns_ ? *columns_ : *format);
    return out_.write(text);
  }

  void close() override {
    // No record passed: the header alone still says what they would have had.
    if (!has_header_ && columns_) write_header(*columns_);
    if (!has_header_ && first_format_ != nullptr) write_header(*first_format_);
  }

  void write_header(const Format& format) {
    out_.append(format.header());
    out_.append('\n');
    has_header_ = true;
  }

  std::optional<Format> columns_;
  FormatPtr first_format_;
  FormatChange change_;
  bool has_header_ = false;
};

}  // namespace

std::unique_ptr<RecordWriter> create_flowlog_writer(ByteSink& sink, std::optional<Format> columns) {
  return std::make_unique<FlowlogWriter>(sink, std::move(columns));
}

}  // namespace weir::render
