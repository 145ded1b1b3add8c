// SPDX-License-Identifier: Apache-2.0
// cli: records in the order of the input, each with its verdict.
#include "cli/why_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/terminal_text.hpp"
#include "cli/sections.hpp"
#include "cli/verdict_columns.hpp"
#include "cli/why_groups.hpp"
#include "render/terminal_text.hpp"
#include "render/text_buffer.hpp"
#include "weir/format.hpp"
#include "weir/names.hpp"

namespace weir::cli {
namespace {

/// The fields of all formats, in the order in which they were met, as many as a format can have.
Format columns_of(const std::vector<FormatPtr>& formats) {
  std::vector<std::string_view> names;
  for (const FormatPtr& format : formats) {
    for (const FormatField& field : format->fields()) {
      const bool is_new = std::find(names.begin(), names.end(), field.name) == names.end();
      if (is_new && names.size() < kMaxFormatFields) names.emplace_back(field.name);
    }
  }
  auto columns = Format::from_names(names);
  return columns ? *std::move(columns) : Format::default_vpc();
}

/// The records of a block as text, and where each stood.
struct RecordTexts final : SinkPiece {
  struct Record {
    std::uint64_t row = 0;  ///< in the block
    std::size_t end = 0;    ///< of its text
  };
  RenderedRecords rendered;
  std::vector<Record> records;
  std::uint64_t rows = 0;
};

class RecordTextsPart final : public SinkPart {
 public:
  explicit RecordTextsPart(std::unique_ptr<RecordRenderer> renderer)
      : renderer_(std::move(renderer)) {}

  void take(const Batch& batch, const Selection& selection) override {
    if (piece_ == nullptr) piece_ = std::make_unique<RecordTexts>();
    for (std::size_t i = 0; i < selection.count; ++i) {
      one_.rows[0] = selection.rows[i];
      one_.count = 1;
      renderer_->render(batch, one_, piece_->rendered);
      piece_->records.push_back(
          {.row = piece_->rows + selection.rows[i], .end = piece_->rendered.text.size()});
    }
    piece_->rows += batch.rows;
  }
  std::unique_ptr<SinkPiece> end_block() override { return std::move(piece_); }

 private:
  std::unique_ptr<RecordRenderer> renderer_;
  std::unique_ptr<RecordTexts> piece_;
  Selection one_{};
};

/// Puts verdicts behind records that every thread renders.
class VerdictSink final : public BatchSink {
 public:
  VerdictSink(const RecordVerdicts& verdicts, OutputKind kind, ByteSink& sink,
              const std::vector<FormatPtr>& formats, std::uint64_t limit)
      : verdicts_(verdicts), kind_(kind), out_(sink), left_(limit) {
    const Network* const network =
        verdicts.policy == nullptr ? nullptr : &verdicts.policy->network();
    for (std::uint32_t number = 1; number <= verdicts.pool.size(); ++number) {
      const Verdict& verdict = verdicts.pool.at(number);
      endings_.push_back(is_json() ? verdict_members(verdict, network)
                                   : verdict_cells(verdict, network, kind));
    }
    if (is_json()) {
      writer_ = RecordWriter::create(OutputKind::ndjson, nothing_, {}, std::nullopt);
    } else {
      Format columns = columns_of(formats);
      out_.append(verdict_titles(columns, kind));
      writer_ = RecordWriter::create(kind, nothing_, {}, std::move(columns));
    }
  }

  Result<bool> take(const Batch& batch, const Selection& selection) override {
    if (alone_ == nullptr) alone_ = part();
    alone_->take(batch, selection);
    return commit(alone_->end_block());
  }
  std::unique_ptr<SinkPart> part() override {
    return std::make_unique<RecordTextsPart>(writer_->renderer());
  }

  Result<bool> commit(std::unique_ptr<SinkPiece> piece) override {
    if (piece == nullptr) return true;
    // Every piece comes from a RecordTextsPart.
    const auto& texts = static_cast<const RecordTexts&>(*piece);
    std::size_t begin = 0;
    for (const RecordTexts::Record& record : texts.records) {
      auto number = verdicts_.store.at(rows_ + record.row);
      if (!number) return Unexpected(std::move(number.error()));
      std::string_view text = texts.rendered.text.view().substr(begin, record.end - begin);
      begin = record.end;
      if (*number == 0) continue;
      text.remove_suffix(1);  // the line end
      if (auto done = write(text, endings_[*number - 1]); !done) {
        return Unexpected(std::move(done.error()));
      }
      if (left_ != kAll && --left_ == 0) {
        has_enough_ = true;
        return false;
      }
    }
    rows_ += texts.rows;
    return true;
  }

  std::uint64_t rows() const { return rows_; }
  bool has_enough() const { return has_enough_; }

  Result<void> finish() {
    if (kind_ == OutputKind::json) out_.append(written_ ? "\n]\n" : "[\n]\n");
    return out_.flush();
  }

 private:
  static constexpr std::uint64_t kAll = ~std::uint64_t{0};

  bool is_json() const { return kind_ == OutputKind::json || kind_ == OutputKind::ndjson; }

  Result<void> write(std::string_view record, std::string_view ending) {
    if (kind_ == OutputKind::json) out_.append(written_ ? ",\n" : "[\n");
    if (is_json()) out_.append("{\"record\":");
    out_.append(record);
    out_.append(ending);
    if (kind_ == OutputKind::ndjson) out_.append('\n');
    written_ = true;
    return out_.flush_when_full();
  }

  RecordVerdicts verdicts_;
  OutputKind kind_;
  render::TextBuffer out_;
  std::uint64_t left_;
  std::vector<std::string> endings_;  // by number - 1
  StringSink nothing_;
  std::unique_ptr<RecordWriter> writer_;  // whose renderers are used
  std::unique_ptr<SinkPart> alone_;       // of take()
  std::uint64_t rows_ = 0;
  bool written_ = false;
  bool has_enough_ = false;
};

/// The values of one row that the lines name.
class RowValues {
 public:
  RowValues(const Batch& batch, std::size_t row) : batch_(batch), row_(row) {}

  std::optional<std::uint64_t> number(FieldId id) const {
    const Column* const column = known(id);
    return column == nullptr ? std::nullopt : std::optional(column->numbers[row_]);
  }
  std::optional<Ip> address(FieldId id) const {
    const Column* const column = known(id);
    return column == nullptr ? std::nullopt : std::optional(column->addresses[row_]);
  }
  std::string_view text(FieldId id) const {
    const Column* const column = known(id);
    return column == nullptr ? std::string_view() : column->texts[row_];
  }

 private:
  const Column* known(FieldId id) const {
    const Column* const column = batch_.find(id);
    return column == nullptr || column->nulls.test(row_) ? nullptr : column;
  }

  const Batch& batch_;
  std::size_t row_;
};

std::string end_text(std::optional<Ip> address, std::optional<std::uint64_t> port,
                     std::uint64_t protocol) {
  if (!address) return "-";
  std::string text = to_string(*address);
  if (!port || (protocol != 6 && protocol != 17)) return text;
  return address->is_ipv4() ? fmt::format("{}:{}", text, *port)
                            : fmt::format("[{}]:{}", text, *port);
}

std::string record_line(const RowValues& values, const Style& style) {
  const std::uint64_t protocol = values.number(FieldId::protocol).value_or(0);
  std::string line;
  if (const auto start = values.number(FieldId::start)) {
    line += format_time(static_cast<std::int64_t>(*start), style.zone) + "  ";
  }
  line += fmt::format(
      "{} {} {}",
      end_text(values.address(FieldId::srcaddr), values.number(FieldId::srcport), protocol),
      style.unicode ? "\u2192" : "->",
      end_text(values.address(FieldId::dstaddr), values.number(FieldId::dstport), protocol));
  const std::string_view keyword = protocol_keyword(protocol);
  line += keyword.empty() ? fmt::format("  protocol {}", protocol) : fmt::format("  {}", keyword);
  return line;
}

/// What the rules were asked.
std::optional<Packet> packet_of(const RowValues& values, Side side) {
  const bool inbound = side == Side::inbound;
  auto peer = values.address(inbound ? FieldId::pkt_srcaddr : FieldId::pkt_dstaddr);
  if (!peer) peer = values.address(inbound ? FieldId::srcaddr : FieldId::dstaddr);
  if (!peer || side == Side::unknown) return std::nullopt;
  return Packet{
      .direction = inbound ? RuleDirection::ingress : RuleDirection::egress,
      .peer = *peer,
      .protocol = static_cast<std::uint8_t>(values.number(FieldId::protocol).value_or(0)),
      .source_port = static_cast<std::uint16_t>(values.number(FieldId::srcport).value_or(0)),
      .destination_port = static_cast<std::uint16_t>(values.number(FieldId::dstport).value_or(0))};
}

void append_steps(std::string& out, std::string_view title, const std::vector<TraceStep>& steps,
                  const Style& style) {
  if (steps.empty()) return;
  out += fmt::format("    {}\n", title);
  for (const TraceStep& step : steps) {
    const std::string_view matched = step.matched == Answer::yes  ? "matches"
                                     : step.matched == Answer::no ? "no"
                                                                  : "perhaps";
    std::string text = fmt::format("{}: {}", step.rule, matched);
    if (!step.reason.empty()) text += fmt::format(", {}", step.reason);
    append_sentence(out, text, 6, style);
  }
}

void append_trace(std::string& out, const RowValues& values, const Verdict& verdict,
                  const Evaluator& policy, const Style& style) {
  const std::uint32_t interface = policy.find_interface(values.text(FieldId::interface_id));
  const std::optional<Packet> packet = packet_of(values, verdict.side);
  if (interface == Evaluator::kUnknownInterface || !packet) return;
  const Trace trace = policy.trace(interface, *packet);
  const bool inbound = verdict.side == Side::inbound;
  if (inbound) append_steps(out, "network ACL:", trace.acl, style);
  append_steps(out,
               verdict.because.has(Fact::groups_are_stateful)
                   ? "security groups, if it opened a connection:"
                   : "security groups:",
               trace.groups, style);
  if (!inbound) append_steps(out, "network ACL:", trace.acl, style);
}

/// The record in a line, and the verdict's sentence under it. `verbose`: and the facts, and with a
/// policy every rule that was looked at and what came of it.
std::string verdict_paragraph(const Batch& batch, std::size_t row, const Verdict& verdict,
                              const Evaluator* policy, const Style& style, bool verbose) {
  const RowValues values(batch, row);
  const Network* const network = policy == nullptr ? nullptr : &policy->network();
  std::string out;
  render::append_painted(out, record_line(values, style), render::Paint::title, style.color);
  const std::string_view id = values.text(FieldId::interface_id);
  out += fmt::format("\n  {}{}{}\n", cause_words(verdict), id.empty() ? "" : ", at ",
                     base::printable(id, style.unicode));
  append_sentence(out, verdict_text(verdict, network), 2, style);
  if (!verbose) return out;
  for (const std::string& fact : because_texts(verdict, network)) {
    append_sentence(out, "- " + fact, 4, style);
  }
  if (policy != nullptr) append_trace(out, values, verdict, *policy, style);
  return out;
}

/// Writes one paragraph per record.
class ParagraphSink final : public BatchSink {
 public:
  ParagraphSink(const RecordVerdicts& verdicts, const Output& output, std::uint64_t limit,
                bool verbose)
      : verdicts_(verdicts), output_(output), left_(limit), verbose_(verbose) {}

  Result<bool> take(const Batch& batch, const Selection& selection) override {
    for (std::size_t i = 0; i < selection.count; ++i) {
      auto number = verdicts_.store.at(rows_ + selection.rows[i]);
      if (!number) return Unexpected(std::move(number.error()));
      if (*number == 0) continue;
      if (left_ == 0) {
        has_more_ = true;
        return false;
      }
      --left_;
      std::string text(is_first_ ? 0 : 1, '\n');
      text += verdict_paragraph(batch, selection.rows[i], verdicts_.pool.at(*number),
                                verdicts_.policy, output_.style, verbose_);
      is_first_ = false;
      if (auto done = output_.sink->write(text); !done) return Unexpected(std::move(done.error()));
    }
    rows_ += batch.rows;
    return true;
  }

  std::uint64_t rows() const { return rows_; }
  /// True if there are more than were asked for.
  bool has_more() const { return has_more_; }

 private:
  RecordVerdicts verdicts_;
  const Output& output_;
  std::uint64_t left_;
  bool verbose_;
  bool is_first_ = true;
  bool has_more_ = false;
  std::uint64_t rows_ = 0;
};

/// A verdict must not stand behind another record than its own.
Result<void> check_unchanged(std::uint64_t first, std::uint64_t second) {
  if (first == second) return {};
  return Unexpected(
      {.code = ErrorCode::unreadable,
       .message = fmt::format("the inputs have changed between two readings: {} records, then {}",
                              first, second),
       .hint = "copy them to where nobody writes, or use --grouped, which reads them once"});
}

}  // namespace

Result<void> write_records(Reading& reading, const RecordVerdicts& verdicts, std::uint64_t limit,
                           bool verbose) {
  const Output& output = reading.output();
  if (output.kind == OutputKind::table) {
    ParagraphSink sink(verdicts, output, limit, verbose);
    if (auto done = reading.run_again(sink); !done) return done;
    if (!sink.has_more()) return check_unchanged(reading.report().records, sink.rows());
    return output.sink->write(fmt::format("\nthe first {}; -n 0 shows all\n", limit));
  }
  VerdictSink sink(verdicts, output.kind, *output.sink, reading.report().formats, limit);
  if (auto done = reading.run_again(sink); !done) return done;
  if (!sink.has_enough()) {
    auto done = check_unchanged(reading.report().records, sink.rows());
    if (!done) return done;
  }
  return sink.finish();
}

}  // namespace weir::cli
