// SPDX-License-Identifier: Apache-2.0
// render: batch -> JSON objects, one per record, each on its own line.
#include "render/escaped_text.hpp"
#include "render/machine_writer.hpp"
#include "render/row_renderer.hpp"

namespace weir::render {
namespace {

/// JSON lines end each record with a line end. In an array each record begins with the comma that
/// parts it from the one before; the writer leaves the first comma out.
template <bool kInArray>
struct JsonDialect {
  using Bytes = JsonBytes;
  static constexpr std::size_t kLeastPlain = 0;
  static constexpr bool kIsJson = true;
  static constexpr std::string_view kRecordEnd = kInArray ? "}" : "}\n";

  static FieldFrame frame(const FormatField& field, std::size_t index, std::size_t /*count*/) {
    TextBlock key;
    key.append(index > 0 ? "," : kInArray ? ",\n{" : "{");
    append_json_string(key, column_name(field.name));
    key.append(':');
    const bool quoted = field.type == FieldType::address || field.type == FieldType::text;
    if (quoted) key.append('"');
    return {.before = std::string(key.view()), .missing = "null", .quoted = quoted};
  }
  static void append_text(TextBlock& out, std::string_view text, bool /*percent_encoded*/) {
    append_json_text(out, text);
  }
};

class JsonWriter final : public MachineWriter {
 public:
  JsonWriter(ByteSink& sink, bool as_array, std::optional<Format> columns,
             std::optional<TimeZone> zone)
      : MachineWriter(sink), as_array_(as_array), columns_(std::move(columns)), zone_(zone) {}

  std::unique_ptr<RecordRenderer> renderer() const override {
    if (as_array_) return std::make_unique<RowRenderer<JsonDialect<true>>>(columns_, zone_);
    return std::make_unique<RowRenderer<JsonDialect<false>>>(columns_, zone_);
  }

 private:
  Result<void> write_run(const FormatPtr& /*format*/, std::string_view text) override {
    if (as_array_ && !has_records_ && !text.empty()) {
      has_records_ = true;
      out_.append('[');
      text.remove_prefix(1);
    }
    return out_.write(text);
  }

  void close() override {
    if (as_array_) out_.append(has_records_ ? "\n]\n" : "[\n]\n");
  }

  bool as_array_;
  bool has_records_ = false;
  std::optional<Format> columns_;
  std::optional<TimeZone> zone_;
};

}  // namespace

std::unique_ptr<RecordWriter> create_json_writer(ByteSink& sink, bool as_array,
                                                 std::optional<Format> columns,
                                                 std::optional<TimeZone> zone) {
  return std::make_unique<JsonWriter>(sink, as_array, std::move(columns), zone);
}

}  // namespace weir::render
