// SPDX-License-Identifier: Apache-2.0
// envelope: what `aws logs ... --output text` prints, cells joined by tabs.
//
// A row is EVENTS, then the event's members in alphabetical order (awscli/text.py):
//
//   EVENTS  eventId  ingestionTime  logStreamName  message  timestamp    filter-log-events
//   EVENTS  ingestionTime  message  timestamp                            get-log-events
//
// With --query 'events[].message' all records stand on one line, which may be gigabytes long, so
// the unit here is the cell and never the line.
#include <algorithm>
#include <array>
#include <cstdint>

#include "envelope/block_queue.hpp"
#include "envelope/envelopes.hpp"
#include "envelope/looks.hpp"
#include "envelope/reject.hpp"

namespace weir::envelope {

namespace {

/// What the first cell of a row says about the others.
enum class RowKind : std::uint8_t {
  events,   ///< `EVENTS`: one event of filter-log-events or get-log-events
  results,  ///< `RESULTS`: one field of one row of get-query-results
  other,    ///< `NEXTTOKEN`, `SEARCHEDLOGSTREAMS`, `STATISTICS`, page tokens
  cells,    ///< every cell is a record: `--query 'events[].message'`
};
RowKind row_kind(std::string_view first_cell) noexcept {
  constexpr std::string_view kOther[] = {"NEXTTOKEN", "SEARCHEDLOGSTREAMS", "STATISTICS",
                                         "ENCRYPTIONKEY"};
  if (first_cell == "EVENTS") return RowKind::events;
  if (first_cell == "RESULTS") return RowKind::results;
  if (std::find(std::begin(kOther), std::end(kOther), first_cell) != std::end(kOther)) {
    return RowKind::other;
  }
  // get-log-events prints its two page tokens first: `b/3456…` and `f/3456…`.
  const bool is_page_token = (first_cell.starts_with("b/") || first_cell.starts_with("f/")) &&
                             first_cell.find(' ') == std::string_view::npos;
  return is_page_token ? RowKind::other : RowKind::cells;
}

bool is_tabbed(const SampleLines& lines) {
  constexpr std::size_t kFirstLines = 20;
  for (const std::string_view line : std::span(lines).first(std::min(lines.size(), kFirstLines))) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) continue;
    if (row_kind(line.substr(0, tab)) != RowKind::cells) return true;
    // Records joined by tabs. A record whose fields are separated by tabs has no blank in a cell.
    std::string_view rest = line;
    while (!rest.empty()) {
      const std::size_t length = std::min(rest.find('\t'), rest.size());
      const std::string_view cell = rest.substr(0, length);
      if (cell.find(' ') != std::string_view::npos && looks_like_record(cell)) return true;
      rest.remove_prefix(std::min(length + 1, rest.size()));
    }
  }
  return false;
}

bool ends_cell(char c) noexcept { return c == '\t' || c == '\n'; }

bool has_blank(std::string_view cell) noexcept { return cell.find(' ') != std::string_view::npos; }

class TabbedRows final : public QueuedEnvelope {
 public:
  explicit TabbedRows(StreamPtr stream) : stream_(std::move(stream)) {}

  EnvelopeKind kind() const noexcept override { return EnvelopeKind::tabbed_rows; }
  std::string describe() const override { return "rows of aws --output text"; }

 protected:
  Result<bool> step() override {
    Result<std::size_t> got = stream_->read(buffer_);
    if (!got) {
      if (!cell_.empty()) rejects_.push_back(cut_off_reject(origin_, cell_));
      return Unexpected(std::move(got.error()));
    }
    if (*got == 0) {
      if (!cell_.empty() || index_ > 0) end_cell('\n', {});
      return false;
    }
    take({buffer_.data(), *got});
    return true;
  }

 private:
  void take(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto end = std::find_if(bytes.begin(), bytes.end(), ends_cell);
      if (end == bytes.end()) return keep(bytes);
      const auto length = static_cast<std::size_t>(end - bytes.begin());
      end_cell(bytes[length], bytes.substr(0, length));
      bytes.remove_prefix(length + 1);
    }
  }

  /// Keeps the begin of a cell whose end has not been read yet.
  void keep(std::string_view bytes) {
    cell_bytes_ += bytes.size();
    cell_.append(bytes.substr(0, kMaxLineBytes - std::min(cell_.size(), kMaxLineBytes)));
  }

  void end_cell(char delimiter, std::string_view bytes) {
    if (cell_.empty()) {
      cell_bytes_ = bytes.size();
      take_cell(bytes);
    } else {
      keep(bytes);
      take_cell(cell_);
      cell_.clear();
    }
    column_ += std::exchange(cell_bytes_, 0) + 1;
    ++index_;
    if (delimiter == '\n') end_row();
    origin_ = {.line = line_, .column = to_column(column_)};
  }

  void take_cell(std::string_view cell) {
    if (cell_bytes_ > kMaxLineBytes) {
      rejects_.push_back(too_long_reject(origin_, kMaxLineBytes, cell));
      found_ = true;  // the row is accounted for
      return;
    }
    if (index_ == 0) row_ = row_kind(trim(cell));
    switch (row_) {
      case RowKind::events:
        return take_event_cell(cell);
      case RowKind::results:
        // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ResultField.html
        if (index_ == 1) is_message_ = cell == "@message";
        found_ = true;  // the other fields of a result are part of the wrapping
        if (index_ == 2 && is_message_) add(cell);
        return;
      case RowKind::other:
        return;
      case RowKind::cells:
        if (has_blank(cell)) {
          add(cell);
        } else if (!trim(cell).empty()) {
          ++passed_over_;
        }
        found_ = true;
        return;
    }
  }

  /// The record is the cell that has a blank. A format of one field has none; then the place tells:
  /// an event's id has 56 digits, a time 13.
  void take_event_cell(std::string_view cell) {
    constexpr std::size_t kLongestTime = 20;
    if (index_ == 1) message_index_ = cell.size() > kLongestTime ? 4 : 2;
    if (index_ == 0 || found_) return;
    if (has_blank(cell)) {
      add(cell);
      found_ = true;
    } else if (index_ == message_index_) {
      single_.assign(cell);
      single_origin_ = origin_;
    }
  }

  void add(std::string_view record) { queue_.add(record, origin_); }

  void end_row() {
    if (row_ == RowKind::events && !found_ && !single_.empty()) {
      queue_.add(single_, single_origin_);
      found_ = true;
    }
    if (!found_) ++passed_over_;
    single_.clear();
    found_ = false;
    index_ = 0;
    column_ = 0;
    ++line_;
  }

  StreamPtr stream_;
  std::array<char, kSampleBytes> buffer_;

  // The cell that is being read.
  std::string cell_;
  std::uint64_t cell_bytes_ = 0;
  LineOrigin origin_{.line = 1, .column = 0};

  // Its row.
  RowKind row_ = RowKind::cells;
  std::size_t index_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t column_ = 0;
  bool found_ = false;
  bool is_message_ = false;
  std::size_t message_index_ = 0;
  std::string single_;
  LineOrigin single_origin_;
};

}  // namespace

std::optional<Recognition> recognise_tabbed_rows(const SampleLines& lines) {
  return is_tabbed(lines) ? std::optional(Recognition{}) : std::nullopt;
}

EnvelopePtr make_tabbed_rows(StreamPtr stream) {
  return std::make_unique<TabbedRows>(std::move(stream));
}

}  // namespace weir::envelope
