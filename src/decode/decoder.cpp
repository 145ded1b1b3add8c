// SPDX-License-Identifier: Apache-2.0
// decode: one object, line by line into batches. Which format a line has is format_chooser.hpp's
// business; here lines become rows, and rows that fail become rejects.
#include <fmt/format.h>

#include <algorithm>
#include <bitset>
#include <cstring>
#include <deque>

#include "decode/format_chooser.hpp"
#include "decode/kernels.hpp"
#include "decode/reject_log.hpp"
#include "decode/tokens.hpp"
#include "weir/decode.hpp"

namespace weir {
namespace {

/// Cuts a block into lines and knows where each stood in its object.
class LineCursor {
 public:
  void reset(const LineBlock* block) {
    block_ = block;
    at_ = 0;
    index_ = 0;
  }
  bool next(std::string_view& line) {
    if (block_ == nullptr || at_ >= block_->text.size()) return false;
    const char* const begin = block_->text.data() + at_;
    const void* const newline = std::memchr(begin, '\n', block_->text.size() - at_);
    const std::size_t length =
        newline == nullptr ? block_->text.size() - at_
                           : static_cast<std::size_t>(static_cast<const char*>(newline) - begin);
    line = {begin, length};
    at_ += length + 1;
    ++index_;
    return true;
  }
  /// Index in the block of the line that next() gave last.
  std::uint32_t index() const noexcept { return index_ - 1; }
  /// Gives the last line again.
  void step_back(std::string_view line) {
    at_ = static_cast<std::size_t>(line.data() - block_->text.data());
    --index_;
  }
  LineOrigin origin(std::uint32_t index) const {
    if (index < block_->origins.size()) return block_->origins[index];
    return {.line = block_->first_line + index, .column = 0};
  }

 private:
  const LineBlock* block_ = nullptr;
  std::size_t at_ = 0;
  std::uint32_t index_ = 0;
};

bool is_comment(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first != std::string_view::npos && line[first] == '#';
}

bool is_blank_line(std::string_view line) {
  return std::all_of(line.begin(), line.end(), is_blank);
}

bool has_control_bytes(std::string_view line) {
  return std::any_of(line.begin(), line.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < ' ' && !is_blank(c)) || byte == 0x7f;
  });
}

std::string fault_detail(const FormatField& field, std::string_view token, RejectReason reason) {
  constexpr std::size_t kShown = 40;
  const std::string shown =
      fmt::format("{}{}", token.substr(0, kShown), token.size() > kShown ? "..." : "");
  if (reason == RejectReason::address)
    return fmt::format("{}: '{}' is no address", field.name, shown);
  if (reason == RejectReason::time) return fmt::format("{}: '{}' is no time", field.name, shown);
  const bool digits =
      std::all_of(token.begin(), token.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits) {
    return fmt::format("{}: {} is larger than {}", field.name, shown, field_info(field.id).max);
  }
  return fmt::format("{}: '{}' is no number", field.name, shown);
}

template <class Values>
void keep_rows(Values& values, const std::bitset<kBatchRows>& dropped) {
  if (values.empty()) return;
  std::size_t kept = 0;
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (!dropped[row]) values[kept++] = values[row];
  }
  values.resize(kept);
}

/// Removes rows from a column, in place.
void drop_rows(Column& column, std::size_t rows, const std::bitset<kBatchRows>& dropped) {
  NullMask nulls;
  std::size_t kept = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    if (dropped[row]) continue;
    if (column.nulls.test(row)) nulls.set(kept);
    ++kept;
  }
  column.nulls = nulls;
  keep_rows(column.numbers, dropped);
  keep_rows(column.addresses, dropped);
  keep_rows(column.texts, dropped);
}

}  // namespace

struct Decoder::State {
  State(std::unique_ptr<Object> opened, const DecodeOptions& chosen)
      : object(std::move(opened)),
        options(chosen),
        chooser(object->name(), options),
        rejects(object->name(), options, report) {
    report.name = object->name();
  }

  std::unique_ptr<Object> object;
  DecodeOptions options;
  DecodeReport report;
  FormatChooser chooser;
  RejectLog rejects;
  std::unique_ptr<Envelope> envelope;
  LineBlock block;
  LineCursor cursor;
  TokenTable tokens;
  std::deque<std::string> decoded_texts;
  std::vector<kernel::RowFault> faults;
  std::size_t current = 0;  // index into report.formats of the rows in `tokens`
  bool ended = false;

  Result<bool> next_block();
  bool collect_rows(Batch& batch);
  void convert(Batch& batch);
  void convert_column(Batch& batch, std::size_t field);
  void drop_faulty_rows(Batch& batch);
  void reject_line(std::string_view line, std::uint32_t index, RejectReason reason,
                   std::string detail, std::size_t column);
  void finish();
};

/// Fetches the next block and settles the format of its lines.
Result<bool> Decoder::State::next_block() {
  Result<bool> more = envelope->next(block);
  for (Reject& reject : envelope->take_rejects()) rejects.add(std::move(reject));
  if (!more) return Unexpected(std::move(more.error()));
  if (!*more) return false;
  cursor.reset(&block);
  if (block.format != nullptr) {
    chooser.use_wrapping(block.format);
    return true;
  }
  if (Result<void> settled = chooser.look_at(block.text); !settled) {
    return Unexpected(std::move(settled.error()));
  }
  return true;
}

void Decoder::State::reject_line(std::string_view line, std::uint32_t index, RejectReason reason,
                                 std::string detail, std::size_t column) {
  const LineOrigin origin = cursor.origin(index);
  if (has_control_bytes(line)) {
    reason = RejectReason::encoding;
    detail = "control bytes: this is no text";
    column = 0;
  }
  rejects.add({.reason = reason,
               .line = origin.line,
               .column = column == 0 ? 0 : static_cast<std::uint32_t>(origin.column + column),
               .detail = std::move(detail),
               .text = std::string(line.substr(0, kRejectTextBytes))});
}

/// Fills `tokens` with rows of one format until a batch is full, the format changes or the block
/// ends. Returns false when the block has no line left.
bool Decoder::State::collect_rows(Batch& batch) {
  batch.format = nullptr;
  std::string_view line;
  while (tokens.rows() < kBatchRows || batch.format == nullptr) {
    if (!cursor.next(line)) return false;
    if (is_blank_line(line)) {
      ++report.blank_lines;
      continue;
    }
    if (block.format == nullptr) {
      if (is_comment(line)) {
        ++report.comments;
        continue;
      }
      if (chooser.take_header(line)) {
        ++report.headers;
        if (batch.format != nullptr) return true;
        continue;
      }
    }
    // Lines with as many fields as the one before have its format.
    if (batch.format != nullptr && tokens.add_line(line, cursor.index()) == tokens.fields())
      continue;
    const FormatChoice choice = chooser.choose(line);
    if (choice.use == nullptr) {
      reject_line(line, cursor.index(), choice.reason, choice.detail, choice.column);
      if (!rejects.forgives()) return true;
      continue;
    }
    if (batch.format == nullptr) {
      batch.format = choice.use->format;
      current = choice.index;
      tokens.reset(block.text.data(), batch.format->size());
    } else if (choice.index != current) {
      cursor.step_back(line);
      return true;
    }
    tokens.add_line(line, cursor.index());
  }
  return true;
}

void Decoder::State::convert_column(Batch& batch, std::size_t field) {
  const FormatField& described = batch.format->fields()[field];
  Column& column = batch.columns[field];
  const bool known = described.id != FieldId::unknown;
  switch (described.type) {
    case FieldType::number:
      kernel::convert_numbers(tokens, field, field_info(described.id).max, column, faults);
      break;
    case FieldType::time:
      kernel::convert_times(tokens, field, column, faults, report.millisecond_times);
      break;
    case FieldType::address:
      kernel::convert_addresses(tokens, field, column, faults);
      break;
    case FieldType::text: {
      const bool encoded =
          block.format != nullptr || (known && field_info(described.id).percent_encoded);
      kernel::convert_texts(tokens, field, encoded, column, decoded_texts);
      break;
    }
  }
}

/// Takes rows out that some column could not hold; each is rejected once, at its first fault.
void Decoder::State::drop_faulty_rows(Batch& batch) {
  std::stable_sort(faults.begin(), faults.end(), [](const auto& a, const auto& b) {
    return a.row != b.row ? a.row < b.row : a.field < b.field;
  });
  std::bitset<kBatchRows> dropped;
  for (const kernel::RowFault& fault : faults) {
    if (dropped[fault.row]) continue;
    dropped[fault.row] = true;
    const std::string_view token = tokens.token(fault.row, fault.field);
    const char* const text_end = block.text.data() + block.text.size();
    const char* begin = token.data();
    while (begin > block.text.data() && begin[-1] != '\n') --begin;
    const auto rest = static_cast<std::size_t>(text_end - begin);
    const std::string_view line(begin, std::min(std::string_view(begin, rest).find('\n'), rest));
    reject_line(line, tokens.line_index(fault.row), fault.reason,
                fault_detail(batch.format->fields()[fault.field], token, fault.reason),
                static_cast<std::size_t>(token.data() - begin) + 1);
  }
  if (!rejects.forgives()) {
    for (std::size_t row = faults.front().row; row < batch.rows; ++row) dropped[row] = true;
  }
  for (Column& column : batch.columns) {
    if (column.decoded) drop_rows(column, batch.rows, dropped);
  }
  batch.rows -= dropped.count();
}

void Decoder::State::convert(Batch& batch) {
  batch.rows = tokens.rows();
  batch.columns.resize(batch.format->size());
  faults.clear();
  decoded_texts.clear();
  for (std::size_t field = 0; field < batch.columns.size(); ++field) {
    Column& column = batch.columns[field];
    column.numbers.clear();
    column.addresses.clear();
    column.texts.clear();
    column.nulls.clear();
    column.decoded = options.fields.contains(batch.format->fields()[field]);
    if (column.decoded) convert_column(batch, field);
  }
  if (!faults.empty()) drop_faulty_rows(batch);
  report.records += batch.rows;
  chooser.count(current, batch.rows);
}

void Decoder::State::finish() {
  if (ended) return;
  ended = true;
  report.passed_over = envelope->passed_over();
  report.coarse_times = envelope->coarse_times();
  report.packed_bytes = object->packed_bytes();
  report.unpacked_bytes = object->unpacked_bytes();
  report.formats = chooser.take_uses();
}

Decoder::Decoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
Decoder::~Decoder() = default;

const DecodeReport& Decoder::report() {
  state_->finish();
  return state_->report;
}

Result<std::unique_ptr<Decoder>> Decoder::open(std::unique_ptr<Object> object,
                                               const DecodeOptions& options) {
  auto state = std::make_unique<State>(std::move(object), options);
  auto envelope = Envelope::open(*state->object, state->object->name());
  if (!envelope) return Unexpected(std::move(envelope.error()));
  state->envelope = *std::move(envelope);
  state->report.shape = state->envelope->describe();
  if (state->object->container() != Container::plain) {
    state->report.shape =
        fmt::format("{}, {}", container_name(state->object->container()), state->report.shape);
  }
  // The first block tells whether this is a flow log at all. Damage before it is left for next().
  Result<bool> first = state->next_block();
  if (!first && first.error().code != ErrorCode::damaged)
    return Unexpected(std::move(first.error()));
  if (!first) {
    state->rejects.fail(std::move(first.error()));
  } else if (!*first) {
    state->finish();
  }
  return std::unique_ptr<Decoder>(new Decoder(std::move(state)));
}

Result<bool> Decoder::next(Batch& batch) {
  State& state = *state_;
  while (true) {
    if (std::optional<Error> error = state.rejects.take_failure()) {
      state.finish();
      return Unexpected(*std::move(error));
    }
    if (state.ended) return false;
    const bool more_lines = state.collect_rows(batch);
    if (batch.format != nullptr) {
      state.convert(batch);
      if (batch.rows > 0) return true;
      continue;
    }
    if (more_lines) continue;
    Result<bool> block = state.next_block();
    if (!block) {
      state.rejects.fail(std::move(block.error()));
    } else if (!*block) {
      // A reject in the last pieces may still be fatal under `strict`.
      if (!state.rejects.failed()) state.finish();
    }
  }
}

}  // namespace weir
