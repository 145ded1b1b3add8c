// SPDX-License-Identifier: Apache-2.0
// envelope: CSV and TSV, with a column that holds records or with one column per field.
#include <fmt/format.h>

#include <array>

#include "envelope/block_queue.hpp"
#include "envelope/csv_reader.hpp"
#include "envelope/envelopes.hpp"
#include "envelope/field_line.hpp"
#include "envelope/json_records.hpp"
#include "envelope/looks.hpp"
#include "envelope/reject.hpp"
#include "field/header_names.hpp"
#include "weir/names.hpp"

namespace weir::envelope {
namespace {

/// What databases write for null in TSV.
constexpr std::string_view kNull = "\\N";

/// `\t`, `\n`, `\r` are these bytes; a backslash before anything else only protects it.
std::string unescape(std::string_view cell) {
  std::string text;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] != '\\' || i + 1 == cell.size()) {
      text += cell[i];
      continue;
    }
    const char c = cell[++i];
    text += c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
  }
  return text;
}

/// What both kinds share: rows in, rejects out.
class CsvEnvelope : public QueuedEnvelope {
 protected:
  CsvEnvelope(StreamPtr stream, CsvDialect dialect)
      : stream_(std::move(stream)), reader_(dialect) {}

  virtual void take_header(const CsvRow& row) = 0;
  virtual void take_row(const CsvRow& row) = 0;

  Result<bool> step() override {
    Result<std::size_t> got = stream_->read(buffer_);
    if (!got) {
      if (const auto rest = reader_.unfinished(); !rest.empty()) {
        rejects_.push_back(cut_off_reject(reader_.unfinished_origin(), rest));
      }
      return Unexpected(std::move(got.error()));
    }
    if (*got == 0) {
      if (reader_.finish(row_)) take(row_);
      return false;
    }
    reader_.feed({buffer_.data(), *got});
    while (reader_.next(row_)) take(row_);
    return true;
  }

  void reject(const CsvRow& row, std::string detail) {
    rejects_.push_back(make_reject(RejectReason::csv, row.origin, std::move(detail), row.raw));
    rejects_.back().column = 0;
  }

 private:
  void take(const CsvRow& row) {
    if (row.too_long) {
      rejects_.push_back(too_long_reject(row.origin, kMaxLineBytes, row.raw));
    } else if (!row.problem.empty()) {
      reject(row, row.problem);
    } else if (!std::exchange(has_header_, true)) {
      take_header(row);
    } else {
      take_row(row);
    }
  }

  StreamPtr stream_;
  CsvReader reader_;
  CsvRow row_;
  bool has_header_ = false;
  std::array<char, kSampleBytes> buffer_;
};

/// `timestamp,message`: what the CloudWatch console downloads.
class MessageCsv final : public CsvEnvelope {
 public:
  MessageCsv(StreamPtr stream, CsvDialect dialect)
      : CsvEnvelope(std::move(stream), dialect),
        records_(queue_, rejects_, coarse_times_, repeated_names_) {}

  EnvelopeKind kind() const noexcept override { return EnvelopeKind::message_csv; }
  std::string describe() const override { return "CSV with a message column"; }

 protected:
  void take_header(const CsvRow& row) override {
    while (column_ + 1 < row.cells.size() && !is_message_column(row.cells[column_].text)) ++column_;
    header_ = std::string(row.raw);
  }

  void take_row(const CsvRow& row) override {
    if (row.cells.size() <= column_) {
      return reject(row, fmt::format("{} cells, the message is cell {} of the header",
                                     row.cells.size(), column_ + 1));
    }
    const CsvRow::Cell& message = row.cells[column_];
    if (row.raw == header_ || trim(message.text).empty()) {
      ++passed_over_;
      return;
    }
    switch (records_.take_message(message.text, message.origin)) {
      case JsonRecords::Found::records:
        break;
      case JsonRecords::Found::passed_over:
        ++passed_over_;
        break;
      case JsonRecords::Found::broken:
        return reject(row, records_.problem());
      case JsonRecords::Found::other:
        return reject(row, fmt::format("not a flow log but {}", records_.service()));
      default:
        return reject(row, "JSON without a record in the message");
    }
    records_.payloads().clear();
  }

 private:
  JsonRecords records_;
  std::size_t column_ = 0;
  std::string header_;
};

/// One column per field.
class FieldCsv final : public CsvEnvelope {
 public:
  FieldCsv(StreamPtr stream, CsvDialect dialect)
      : CsvEnvelope(std::move(stream), dialect), dialect_(dialect) {}

  EnvelopeKind kind() const noexcept override { return EnvelopeKind::field_csv; }
  std::string describe() const override {
    return dialect_.delimiter == '\t' ? "TSV, one column per field" : "CSV, one column per field";
  }

 protected:
  void take_header(const CsvRow& row) override {
    layout_ = lay_out(texts_of(row, row.cells.size()), Names::header);
    header_ = std::string(row.raw);
    witness_ = find_witness();
  }

  void take_row(const CsvRow& row) override {
    if (may_be_header(row)) {
      const std::vector<std::string_view> texts = texts_of(row, row.cells.size());
      if (row.raw != header_ && field::is_header(texts)) return take_header(row);
      if (const auto glue = field::find_glue(texts)) return take_glued(row, *glue);
    }
    if (row.cells.size() != layout_.positions.size()) {
      return reject(row, fmt::format("{} cells, the header has {}", row.cells.size(),
                                     layout_.positions.size()));
    }
    // Files put one after the other repeat their header.
    if (row.raw == header_) {
      ++passed_over_;
      return;
    }
    add(row);
  }

 private:
  static std::vector<std::string_view> texts_of(const CsvRow& row, std::size_t cells) {
    std::vector<std::string_view> texts;
    for (std::size_t i = 0; i < cells; ++i) texts.push_back(trim(row.cells[i].text));
    return texts;
  }

  /// A column whose values never begin with a letter, or the number of columns.
  std::size_t find_witness() const {
    for (std::size_t i = 0; i < layout_.positions.size(); ++i) {
      const int position = layout_.positions[i];
      if (position < 0) continue;
      const FieldType type = layout_.format->fields()[static_cast<std::size_t>(position)].type;
      if (type == FieldType::number || type == FieldType::time) return i;
    }
    return layout_.positions.size();
  }

  /// Most rows show at one look that they are records.
  bool may_be_header(const CsvRow& row) const {
    if (row.cells.size() != layout_.positions.size() || witness_ >= row.cells.size()) return true;
    const std::string_view text = row.cells[witness_].text;
    return !text.empty() && text[0] != '-' && (text[0] < '0' || text[0] > '9');
  }

  /// A row that ends in the header of the next file, which was put behind it without a newline.
  void take_glued(const CsvRow& row, const field::Glue& glue) {
    const std::size_t columns = layout_.positions.size();
    CsvRow record = row;
    record.cells.resize(std::min(glue.word + 1, record.cells.size()));
    std::string_view& last = record.cells.back().text;
    last = trim(last).substr(0, glue.offset);
    // `"OK""version"`: between two quoted cells without a newline stands what means a quote.
    if (record.cells.back().quoted && last.ends_with('"')) last.remove_suffix(1);
    if (record.cells.size() == columns) {
      add(record);
    } else {
      reject(record, fmt::format("{} cells before a header, the one above has {}",
                                 record.cells.size(), columns));
    }
    CsvRow header = row;
    header.cells.erase(header.cells.begin(),
                       header.cells.begin() + static_cast<std::ptrdiff_t>(glue.word));
    header.cells.front().text = trim(header.cells.front().text).substr(glue.offset);
    const std::size_t begin = row.raw.find(header.cells.front().text);
    if (begin != std::string_view::npos) header.raw = row.raw.substr(begin);
    take_header(header);
  }

  void add(const CsvRow& row) {
    line_.clear();
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const int position = layout_.positions[i];
      if (position < 0) continue;
      if (!line_.empty()) line_ += ' ';
      append_value(layout_.format->fields()[static_cast<std::size_t>(position)], row.cells[i]);
    }
    queue_.add(line_, row.origin, layout_.format);
  }

  void append_value(const FormatField& field, const CsvRow::Cell& cell) {
    if (!dialect_.has_quotes && cell.text.find('\\') != std::string_view::npos) {
      if (cell.text == kNull) {
        line_ += '-';
      } else {  // an escaped hyphen is a hyphen and not a missing value
        line_ += percent_encode(unescape(cell.text));
      }
      return;
    }
    append_token(line_, field, cell.quoted ? cell.text : trim(cell.text), coarse_times_);
  }

  CsvDialect dialect_;
  FieldLayout layout_;
  std::size_t witness_ = 0;
  std::string header_;
  std::string line_;
};

}  // namespace

bool is_message_column(std::string_view name) noexcept {
  return name == "message" || name == "@message";
}

EnvelopePtr make_message_csv(StreamPtr stream, CsvDialect dialect) {
  return std::make_unique<MessageCsv>(std::move(stream), dialect);
}

EnvelopePtr make_field_csv(StreamPtr stream, CsvDialect dialect) {
  return std::make_unique<FieldCsv>(std::move(stream), dialect);
}

}  // namespace weir::envelope
