// SPDX-License-Identifier: Apache-2.0
// cli: `weir explain`: records in words.
#include "weir/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "base/terminal_text.hpp"
#include "cli/commands.hpp"
#include "cli/reading.hpp"
#include "cli/verbs.hpp"
#include "render/terminal_text.hpp"

namespace weir::cli {
namespace {

/// Result tables that follow one another as one output, so that nothing has to be kept.
class RowStream {
 public:
  explicit RowStream(Output& output) : output_(output) {}

  Result<void> write(const ResultTable& rows) {
    const bool json = output_.kind == OutputKind::json;
    StringSink text;
    const OutputKind kind = json ? OutputKind::ndjson : output_.kind;
    if (Result<void> written = write_result(rows, kind, text, output_.style); !written)
      return written;
    std::string_view lines = text.text();
    const bool headed = kind == OutputKind::csv || kind == OutputKind::tsv;
    if (headed && started_) lines.remove_prefix(std::min(lines.find('\n') + 1, lines.size()));
    if (!json) {
      started_ = true;
      return output_.sink->write(lines);
    }
    std::string elements;
    while (!lines.empty()) {
      const std::size_t end = std::min(lines.find('\n'), lines.size());
      elements += started_ ? ",\n" : "[\n";
      elements += lines.substr(0, end);
      lines.remove_prefix(std::min(end + 1, lines.size()));
      started_ = true;
    }
    return output_.sink->write(elements);
  }

  Result<void> finish() {
    if (output_.kind == OutputKind::json) {
      if (Result<void> closed = output_.sink->write(started_ ? "\n]\n" : "[\n]\n"); !closed)
        return closed;
    }
    return output_.sink->finish();
  }

 private:
  Output& output_;
  bool started_ = false;
};

/// Writes one sentence per record, or one row per field of each record.
class ExplainSink final : public BatchSink {
 public:
  ExplainSink(Output& output, bool fields, std::uint64_t limit, bool wrapped)
      : output_(output), stream_(output), fields_(fields), wrapped_(wrapped), left_(limit) {}

  Result<bool> take(const Batch& batch, const Selection& selection) override {
    for (std::size_t i = 0; i < selection.count && left_ > 0; ++i, --left_) {
      ++record_;
      Result<void> written = output_.kind == OutputKind::table
                                 ? write_sentence(batch, selection.rows[i])
                                 : write_rows(batch, selection.rows[i]);
      if (!written) return Unexpected(std::move(written.error()));
    }
    return left_ > 0;
  }

  Result<void> finish() { return stream_.finish(); }

 private:
  ResultTable field_table(const Batch& batch, std::size_t row) const {
    ResultTable table;
    table.columns = {{.name = "field"}, {.name = "value"}, {.name = "words"}};
    for (FieldExplanation& field : explain_fields(batch, row, output_.style.zone)) {
      table.rows.push_back({std::move(field.name), std::move(field.value), std::move(field.words)});
    }
    return table;
  }

  Result<void> write_rows(const Batch& batch, std::size_t row) {
    ResultTable table;
    if (fields_) {
      table = field_table(batch, row);
      table.columns.insert(table.columns.begin(), {.name = "record", .kind = CellKind::count});
      for (auto& cells : table.rows) {
        cells.insert(cells.begin(), static_cast<unsigned __int128>(record_));
      }
    } else {
      table.columns = {{.name = "text"}};
      table.rows = {{explain_record(batch, row, output_.style.zone)}};
    }
    return stream_.write(table);
  }

  Result<void> write_sentence(const Batch& batch, std::size_t row) {
    const std::string sentence =
        base::printable(explain_record(batch, row, output_.style.zone), output_.style.unicode);
    const bool spaced = record_ > 1 && (fields_ || wrapped_);
    const std::string text =
        fmt::format("{}{}\n", spaced ? "\n" : "",
                    wrapped_ ? render::wrap_text(sentence, output_.style.width, 0) : sentence);
    if (Result<void> written = output_.sink->write(text); !written || !fields_) return written;
    return write_result(field_table(batch, row), output_.kind, *output_.sink, output_.style);
  }

  Output& output_;
  RowStream stream_;
  bool fields_;
  bool wrapped_;
  std::uint64_t left_;
  std::uint64_t record_ = 0;
};

/// True if the word is a record and no name of a file.
bool is_record(const std::string& word) {
  return word.find(' ') != std::string::npos && !std::ifstream(word).good();
}

/// A record given on the command line goes the way of standard input.
Result<void> explain_words(const Options& options, Output& output, const std::string& words) {
  DecodeOptions decode;
  if (Result<void> parsed = parse_format(options.format, decode); !parsed) return parsed;
  decode.strict = true;
  auto decoder = Decoder::open(Object::from_memory("record", words), decode);
  if (!decoder) return Unexpected(std::move(decoder.error()));
  ExplainSink sink(output, options.verbose, ~std::uint64_t{0}, stdout_is_terminal());
  Batch batch;
  Selection selection;
  while (true) {
    Result<bool> more = (*decoder)->next(batch);
    if (!more) return Unexpected(std::move(more.error()));
    if (!*more) return sink.finish();
    selection.select_all(batch.rows);
    if (Result<bool> taken = sink.take(batch, selection); !taken) {
      return Unexpected(std::move(taken.error()));
    }
  }
}

int explain_arguments(const Options& options) {
  Result<Output> output = choose_output(options);
  if (!output) return fail(output.error());
  if (options.output.empty()) output->kind = OutputKind::table;
  if (Result<void> opened = open_output(*output, {}); !opened) return fail(opened.error());
  // Quoted or not, the words after the verb are one record, unless each is one of its own.
  for (const std::string& record : options.arguments) {
    if (Result<void> explained = explain_words(options, *output, record); !explained) {
      return fail(explained.error());
    }
  }
  return kComplete;
}

}  // namespace

int run_explain(const Options& options) {
  if (!options.arguments.empty() &&
      std::all_of(options.arguments.begin(), options.arguments.end(), is_record)) {
    return explain_arguments(options);
  }
  if (nothing_to_read(options.arguments, "explain")) return kComplete;
  auto prepared = Reading::prepare(options, options.arguments);
  if (!prepared) return fail(prepared.error());
  Reading& reading = **prepared;
  reading.need_all();
  Output& output = reading.output();
  // Sentences are for people, on a terminal or not.
  if (options.output.empty()) output.kind = OutputKind::table;
  ExplainSink sink(output, options.verbose, reading.limit(~std::uint64_t{0}),
                   stdout_is_terminal() && output.file.empty());
  reading.run(sink);
  const Result<void> ended = sink.finish();
  if (const auto error = reading.unanswerable({})) return fail(*error);
  return reading.finish(ended);
}

}  // namespace weir::cli
