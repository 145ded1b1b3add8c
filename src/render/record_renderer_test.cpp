// SPDX-License-Identifier: Apache-2.0
// render: the fast writers against a slow one, and several renderers against one writer.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "render/escaped_text.hpp"
#include "render/random_records_testing.hpp"
#include "weir/names.hpp"
#include "weir/render.hpp"

namespace weir::render {
namespace {

constexpr std::array kKinds = {OutputKind::csv, OutputKind::tsv, OutputKind::json,
                               OutputKind::ndjson, OutputKind::flowlog};

struct Given {
  Batch batch;
  Selection selection;
};

/// Writes value by value, with the plainest code there is.
class SlowWriter {
 public:
  SlowWriter(OutputKind kind, std::optional<Format> columns)
      : kind_(kind), columns_(std::move(columns)) {}

  std::string write(const std::vector<Given>& batches) {
    for (const Given& given : batches) {
      if (given.selection.count == 0) continue;
      if (is_delimited() && !columns_) columns_ = *given.batch.format;
      const Format& format = columns_ ? *columns_ : *given.batch.format;
      if (header_ != format.header()) write_header(format);
      for (std::size_t i = 0; i < given.selection.count; ++i) {
        write_record(given.batch, format, given.selection.rows[i]);
      }
    }
    if (kind_ == OutputKind::json) out_.append(records_ > 0 ? "\n]\n" : "[\n]\n");
    if (header_.empty() && (columns_ || !batches.empty())) {
      write_header(columns_ ? *columns_ : *batches.front().batch.format);
    }
    return std::string(out_.view());
  }

 private:
  bool is_delimited() const { return kind_ == OutputKind::csv || kind_ == OutputKind::tsv; }
  bool has_keys() const { return kind_ == OutputKind::ndjson || kind_ == OutputKind::json; }

  void write_header(const Format& format) {
    header_ = format.header();
    if (has_keys()) return;
    if (kind_ == OutputKind::flowlog) {
      out_.append(header_);
    } else {
      for (std::size_t i = 0; i < format.size(); ++i) {
        if (i > 0) separate();
        append_text(column_name(format.fields()[i].name), false);
      }
    }
    out_.append('\n');
  }

  void separate() {
    out_.append(kind_ == OutputKind::tsv ? '\t' : kind_ == OutputKind::flowlog ? ' ' : ',');
  }

  void write_record(const Batch& batch, const Format& format, std::size_t row) {
    if (kind_ == OutputKind::json) out_.append(records_ > 0 ? ",\n" : "[\n");
    ++records_;
    if (has_keys()) out_.append('{');
    for (std::size_t i = 0; i < format.size(); ++i) {
      const FormatField& field = format.fields()[i];
      if (i > 0) separate();
      if (has_keys()) {
        append_json_string(out_, column_name(field.name));
        out_.append(':');
      }
      const int at = batch.format->index_of(field.name);
      const Column* column = at < 0 ? nullptr : &batch.columns[static_cast<std::size_t>(at)];
      if (column == nullptr || !column->decoded || column->nulls.test(row)) {
        append_missing(format.size());
      } else {
        append_value(field, *column, row);
      }
    }
    if (has_keys()) out_.append('}');
    if (kind_ != OutputKind::json) out_.append('\n');
  }

  void append_missing(std::size_t fields) {
    if (has_keys()) return out_.append("null");
    if (kind_ != OutputKind::csv) return out_.append('-');
    if (fields == 1) out_.append("\"\"");
  }

  void append_value(const FormatField& field, const Column& column, std::size_t row) {
    const bool is_tag = field.id != FieldId::unknown && field_info(field.id).percent_encoded;
    if (field.type == FieldType::text) return append_text(column.texts[row], is_tag);
    const bool is_address = field.type == FieldType::address;
    if (!is_address) return out_.append(std::to_string(column.numbers[row]));
    if (has_keys()) return append_json_string(out_, to_string(column.addresses[row]));
    out_.append(to_string(column.addresses[row]));
  }

  void append_text(std::string_view text, bool is_tag) {
    if (has_keys()) return append_json_string(out_, text);
    if (kind_ == OutputKind::csv) return append_csv_text(out_, text);
    if (kind_ == OutputKind::tsv) return append_tsv_text(out_, text);
    append_log_text(out_, text, is_tag);
  }

  OutputKind kind_;
  std::optional<Format> columns_;
  TextBlock out_;
  std::string header_;
  std::size_t records_ = 0;
};

std::string write_batches(OutputKind kind, const std::optional<Format>& columns,
                          const std::vector<Given>& batches) {
  StringSink sink;
  const auto writer = RecordWriter::create(kind, sink, {}, columns);
  for (const Given& given : batches) EXPECT_TRUE(writer->write(given.batch, given.selection));
  EXPECT_TRUE(writer->finish());
  return sink.text();
}

/// Renders in pieces of a few batches, by three renderers in turn, and writes them in order.
std::string write_pieces(OutputKind kind, const std::optional<Format>& columns,
                         const std::vector<Given>& batches) {
  StringSink sink;
  const auto writer = RecordWriter::create(kind, sink, {}, columns);
  std::array<std::unique_ptr<RecordRenderer>, 3> renderers;
  RenderedRecords piece;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const std::size_t turn = i / 2 % renderers.size();
    if (renderers[turn] == nullptr) renderers[turn] = writer->renderer();
    if (renderers[turn] == nullptr) {
      EXPECT_TRUE(writer->write(batches[i].batch, batches[i].selection));
      continue;
    }
    renderers[turn]->render(batches[i].batch, batches[i].selection, piece);
    if (i % 2 == 0) continue;
    EXPECT_TRUE(writer->write(piece));
    piece.clear();
  }
  EXPECT_TRUE(writer->write(piece));
  EXPECT_TRUE(writer->finish());
  return sink.text();
}

FormatPtr format_of(std::initializer_list<std::string_view> names) {
  const std::vector<std::string_view> list(names);
  return std::make_shared<const Format>(Format::from_names(list).value());
}

TEST(RecordRenderer, AgreesWithASlowWriterOnRandomRecords) {
  const std::vector<FormatPtr> formats = {
      std::make_shared<const Format>(Format::default_vpc()),
      std::make_shared<const Format>(Format::default_transit_gateway()),
      format_of({"srcaddr", "instance-tag", "odd-\"field\"", "bytes", "tcp-flags"}),
      format_of({"bytes"}),
      format_of({"a-field-whose-name-is-much-longer-than-any-that-there-is", "start"})};
  const std::optional<Format> chosen = Format::parse("bytes srcaddr action start").value();
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    RandomRecords random(seed);
    std::vector<Given> batches;
    for (std::size_t i = random.below(6); i > 0; --i) {
      const std::size_t rows = random.below(8) == 0 ? kBatchRows : 1 + random.below(40);
      const bool same_format = !batches.empty() && random.below(2) == 0;
      const FormatPtr& format =
          same_format ? batches.back().batch.format : formats[random.below(formats.size())];
      batches.push_back({random.batch(format, rows), random.selection(rows)});
    }
    for (const OutputKind kind : kKinds) {
      for (const std::optional<Format>& columns : {std::optional<Format>(), chosen}) {
        const std::string expected = SlowWriter(kind, columns).write(batches);
        const std::string written = write_batches(kind, columns, batches);
        // Not EXPECT_EQ: a difference of two megabytes helps nobody.
        ASSERT_TRUE(written == expected) << output_kind_name(kind) << ", seed " << seed;
        ASSERT_TRUE(write_pieces(kind, columns, batches) == expected)
            << "in pieces: " << output_kind_name(kind) << ", seed " << seed;
      }
    }
  }
}

TEST(RecordRenderer, IsThereOnceTheColumnsAreKnown) {
  const std::optional<Format> chosen = Format::parse("bytes").value();
  const struct {
    const char* why;
    OutputKind kind;
    bool has_columns;
    bool at_once;
    bool later;
  } cases[] = {
      {"lines of their own", OutputKind::ndjson, false, true, true},
      {"commas are the writer's business", OutputKind::json, false, true, true},
      {"headers are the writer's business", OutputKind::flowlog, false, true, true},
      {"the first record decides", OutputKind::csv, false, false, true},
      {"the first record decides", OutputKind::tsv, false, false, true},
      {"chosen columns", OutputKind::csv, true, true, true},
      {"a table is laid out by what it holds", OutputKind::table, true, false, false},
  };
  RandomRecords random(1);
  const Batch batch = random.batch(std::make_shared<const Format>(Format::default_vpc()), 1);
  Selection selection;
  selection.select_all(1);
  for (const auto& c : cases) {
    StringSink sink;
    const auto writer =
        RecordWriter::create(c.kind, sink, {}, c.has_columns ? chosen : std::nullopt);
    EXPECT_EQ(writer->renderer() != nullptr, c.at_once) << c.why;
    ASSERT_TRUE(writer->write(batch, selection));
    EXPECT_EQ(writer->renderer() != nullptr, c.later) << c.why;
    EXPECT_EQ(writer->write(RenderedRecords()).has_value(), c.later) << c.why;
  }
}

}  // namespace
}  // namespace weir::render
