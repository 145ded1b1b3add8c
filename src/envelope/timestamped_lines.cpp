// SPDX-License-Identifier: Apache-2.0
// envelope: `<time> record` and `<time> <stream> record`.
//
// The first is what an export task of CloudWatch Logs and `aws logs tail --format short` write, the
// second is `aws logs tail`. The time is dropped: for flow logs it repeats `start`.
#include <algorithm>

#include "envelope/block_queue.hpp"
#include "envelope/envelopes.hpp"
#include "envelope/line_reader.hpp"
#include "envelope/looks.hpp"

namespace weir::envelope {
namespace {

std::string_view after_timestamp(std::string_view line) noexcept {
  const std::size_t length = leading_timestamp(line);
  return length > 0 ? line.substr(length) : std::string_view();
}

bool is_timestamped(const SampleLines& lines) {
  const auto stamped =
      static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [](std::string_view line) {
        return leading_timestamp(line) > 0;
      }));
  return stamped > 0 && stamped * 2 >= lines.size();
}

/// A stream's name ends in -all, -accept or -reject. A bare interface or gateway may be a stream of
/// another name or the first field of a custom format; it is the stream's only if the record that
/// follows names it again, or begins as records begin.
bool is_behind_stream(std::string_view line) noexcept {
  std::string_view rest = after_timestamp(line);
  const std::string_view token = take_token(rest);
  if (is_stream_name(token)) return true;
  if (!is_interface_or_gateway(token)) return false;
  if (begins_like_record(rest)) return true;
  for (auto next = take_token(rest); !next.empty(); next = take_token(rest)) {
    if (trim(next) == token) return true;
  }
  return false;
}

bool has_streams(const SampleLines& lines) {
  return std::all_of(lines.begin(), lines.end(), [](std::string_view line) {
    return leading_timestamp(line) == 0 || is_behind_stream(line);
  });
}

class TimestampedLines final : public QueuedEnvelope {
 public:
  TimestampedLines(StreamPtr stream, bool has_streams)
      : reader_(std::move(stream), rejects_), has_streams_(has_streams) {}

  EnvelopeKind kind() const noexcept override { return EnvelopeKind::timestamped_lines; }
  std::string describe() const override {
    return has_streams_ ? "lines with a timestamp and a log stream" : "lines with a timestamp";
  }

 protected:
  Result<bool> step() override {
    LineSlice slice;
    Result<bool> more = reader_.next(memory_, slice);
    if (!more || !*more) return more;
    std::uint64_t line = slice.first_line;
    while (!slice.text.empty()) {
      const std::size_t length = slice.text.find('\n');
      add(slice.text.substr(0, length), line++);
      slice.text.remove_prefix(length + 1);
    }
    return true;
  }

 private:
  /// A line without a timestamp is handed on as it is: the decoder says what is wrong with it.
  void add(std::string_view line, std::uint64_t number) {
    std::string_view record = line;
    if (const std::size_t length = leading_timestamp(line); length > 0) {
      record.remove_prefix(length);
      skip_blanks(record);
      std::string_view rest = record;
      const std::string_view token = take_token(rest);
      if (has_streams_ && (is_stream_name(token) || is_interface_or_gateway(token))) {
        skip_blanks(rest);
        record = rest;
      }
    }
    queue_.add(record, {.line = number, .column = to_column(line.size() - record.size())});
  }

  static void skip_blanks(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  }

  LineReader reader_;
  PaddedText memory_;
  bool has_streams_;
};

}  // namespace

std::optional<Recognition> recognise_timestamped_lines(const SampleLines& lines) {
  if (!is_timestamped(lines)) return std::nullopt;
  return Recognition{.has_streams = has_streams(lines)};
}

EnvelopePtr make_timestamped_lines(StreamPtr stream, bool has_streams) {
  return std::make_unique<TimestampedLines>(std::move(stream), has_streams);
}

}  // namespace weir::envelope
