// SPDX-License-Identifier: Apache-2.0
// envelope: bytes -> lines. Takes the records out of whatever AWS wrapped around them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/format.hpp"
#include "weir/result.hpp"
#include "weir/source.hpp"

namespace weir {

/// Longest line, and largest JSON value, that is kept whole. Longer ones are rejected, so that
/// input without a newline costs no memory.
inline constexpr std::size_t kMaxLineBytes = std::size_t{1} << 20;

/// Bytes before and after a block's text that may be read, so that loops over it need no tails.
inline constexpr std::size_t kTextPadding = 64;

/// Memory for a block's text, with its padding. Not copied: it belongs to one block.
class PaddedText {
 public:
  /// Makes room for `bytes` and the padding; what was there is lost if that takes new memory.
  void reserve(std::size_t bytes);
  /// Where the text begins; null before reserve().
  char* data() noexcept { return memory_ == nullptr ? nullptr : memory_.get() + kTextPadding; }
  std::size_t capacity() const noexcept { return capacity_; }
  /// Copies a text in.
  std::string_view assign(std::string_view text);

 private:
  std::unique_ptr<char[]> memory_;
  std::size_t capacity_ = 0;
};

/// Why a piece of input is not a record.
enum class RejectReason : std::uint8_t {
  field_count,  ///< more or fewer tokens than the format has fields
  number,       ///< a number field holds something else, or too large a number
  time,         ///< a time field holds no time
  address,      ///< an address field holds no address
  encoding,     ///< bytes that are not text
  too_long,     ///< longer than kMaxLineBytes
  json,         ///< broken JSON, or JSON without a record
  csv,          ///< a CSV row with broken quotes or the wrong number of cells
  cut_off,      ///< the rest is missing, since the object is damaged right after it
  no_format,    ///< a headerless line that no format fits
  other_log,    ///< a record of another service among those of flow logs
};
std::string_view reject_reason_name(RejectReason reason) noexcept;

/// A piece of input that is not a record: it is counted and shown, not lost.
struct Reject {
  RejectReason reason = RejectReason::field_count;
  std::uint64_t line = 0;    ///< 1-based line in the unpacked object
  std::uint32_t column = 0;  ///< 1-based byte in that line, 0 if the whole line is meant
  std::string detail;        ///< one clause: `13 tokens, the format has 14 fields`
  std::string text;          ///< the line, cut at 4 KiB
};

/// The shape of an object's wrapping, in the order in which they are tried: what everything could
/// be comes last. src/envelope/envelope.cpp has a row for each.
enum class EnvelopeKind : std::uint8_t {
  json,               ///< any of the JSON shapes
  message_csv,        ///< `timestamp,message`
  field_csv,          ///< a CSV or TSV with one column per field: Athena results, weir's own
  tabbed_rows,        ///< `aws logs ... --output text`
  timestamped_lines,  ///< `2015-11-05T09:30:29.000Z record`, `<time> <stream> record`
  list_items,         ///< `- record` in a YAML list
  bare_lines,         ///< records, one per line
};
inline constexpr std::size_t kEnvelopeKinds =
    static_cast<std::size_t>(EnvelopeKind::bare_lines) + 1;
std::string_view envelope_kind_name(EnvelopeKind kind) noexcept;

/// Where a line of a block stood in its object.
struct LineOrigin {
  std::uint64_t line = 0;    ///< 1-based line of the unpacked object
  std::uint32_t column = 0;  ///< 0-based byte at which the record begins in that line
};

/// Records as text: whole lines, each ended by '\n', fields separated by blanks.
struct LineBlock {
  PaddedText memory;      ///< holds `text`
  std::string_view text;  ///< valid as long as the block is not filled again
  /// Line number of the first line when `origins` is empty; 0 if only the blocks before can tell.
  std::uint64_t first_line = 1;
  /// Lines after the text that were left out, when `first_line` is 0.
  std::uint64_t dropped_lines = 0;
  std::vector<LineOrigin> origins;  ///< one per line for wrapped records, else empty
  /// Set when the wrapping itself names the fields (JSON objects, CSV columns): the lines are then
  /// written in this format with every text value percent-encoded and `-` for what is missing.
  FormatPtr format;
  /// Pieces next to the text that are not records. Lines count from the block's first one, which is
  /// 1, when `first_line` is 0.
  std::vector<Reject> rejects;
};

/// Takes the records out of one object.
///
/// Shape:   next() hands out blocks of some hundred KiB of whole lines, in the object's order. Bare
///          lines are passed through untouched: headers, blank lines and comments included. A block
///          may be empty when there is nothing but rejects to report.
/// Memory:  bounded by kMaxLineBytes and the block size. Blocks own their text: several may be at
///          work while the next one is filled.
/// Errors:  what the stream reports, after the lines before it; unsupported for Parquet, which is
///          no stream of lines; other_log for logs of other services; no_flow_log for bytes that
///          are not text at all and, at the end, for JSON without a single record: the message says
///          what was tried; damaged for JSON that breaks off. A broken piece is not an error: it is
///          among the block's rejects.
/// Threads: one at a time.
class Envelope {
 public:
  /// Looks at the first bytes and picks the shape. `stream` must outlive the envelope; `name` is
  /// for messages.
  static Result<std::unique_ptr<Envelope>> open(ByteStream& stream, std::string name);
  virtual ~Envelope() = default;

  /// Fills `block` and returns true, or returns false at the end. Rejects are in the block in any
  /// case, after an error too.
  Result<bool> next(LineBlock& block);

  virtual EnvelopeKind kind() const noexcept = 0;
  /// The shape in words: `CloudWatch Logs FilterLogEvents JSON`, `bare lines`.
  virtual std::string describe() const = 0;
  /// Pieces that are part of the wrapping and no records: control messages, page tokens, comments
  /// of a list.
  std::uint64_t passed_over() const noexcept { return passed_over_; }
  /// Values of time fields that were dates without a time of day and became the day's first second:
  /// times of these records are exact to a day only.
  std::uint64_t coarse_times() const noexcept { return coarse_times_; }
  /// JSON objects that name a field, or the message that holds their record, twice: the first value
  /// is the one that was read.
  std::uint64_t repeated_names() const noexcept { return repeated_names_; }

 protected:
  /// Fills the block's text and what says where it stood.
  virtual Result<bool> fill(LineBlock& block) = 0;

  std::vector<Reject> rejects_;
  std::uint64_t passed_over_ = 0;
  std::uint64_t coarse_times_ = 0;
  std::uint64_t repeated_names_ = 0;
};

}  // namespace weir
