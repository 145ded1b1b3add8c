// SPDX-License-Identifier: Apache-2.0
// envelope: what the table of envelopes has for each shape: a recogniser and an opener.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "envelope/csv_reader.hpp"
#include "envelope/sampled_stream.hpp"
#include "weir/envelope.hpp"

namespace weir::envelope {

/// Payloads inside payloads that are opened, such as a Lambda event inside a Kinesis record.
inline constexpr int kMaxPayloadDepth = 3;

/// What the first bytes of an object say about its shape.
struct Recognition {
  EnvelopeKind kind = EnvelopeKind::bare_lines;
  bool has_streams = false;  ///< timestamped_lines: a log stream's name follows the time
  CsvDialect csv = {};       ///< message_csv and field_csv
};

using StreamPtr = std::unique_ptr<SampledStream>;
using EnvelopePtr = std::unique_ptr<Envelope>;

/// The lines of a sample that are not blank; at least one.
using SampleLines = std::vector<std::string_view>;

/// An object that is to be opened.
struct Opening {
  StreamPtr stream;
  Recognition recognition;
  std::string name;
  int depth = 0;  ///< payloads around it
};

/// What weir knows of a kind of envelope.
struct EnvelopeRow {
  EnvelopeKind kind;
  std::string_view name;
  std::optional<Recognition> (*recognise)(const SampleLines& lines);
  Result<EnvelopePtr> (*open)(Opening opening);
};

/// All rows, in the order in which they are tried.
std::span<const EnvelopeRow> envelope_table() noexcept;

/// Looks at a sample, which is the whole object if `complete`.
/// Errors: no_flow_log and unsupported, as Envelope::open().
Result<Recognition> recognise(std::string_view sample, bool complete, const std::string& name);

// The recognisers. Each may rely on it that those before it in the table have found nothing, and
// that the first line is no header of bare lines.
std::optional<Recognition> recognise_json(const SampleLines& lines);
std::optional<Recognition> recognise_message_csv(const SampleLines& lines);
std::optional<Recognition> recognise_field_csv(const SampleLines& lines);
std::optional<Recognition> recognise_tabbed_rows(const SampleLines& lines);
std::optional<Recognition> recognise_timestamped_lines(const SampleLines& lines);
std::optional<Recognition> recognise_list_items(const SampleLines& lines);

/// What some editors write in front of UTF-8.
inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// The openers.
EnvelopePtr make_bare_lines(StreamPtr stream);
EnvelopePtr make_timestamped_lines(StreamPtr stream, bool has_streams);
EnvelopePtr make_tabbed_rows(StreamPtr stream);
EnvelopePtr make_list_items(StreamPtr stream);
EnvelopePtr make_message_csv(StreamPtr stream, CsvDialect dialect);
EnvelopePtr make_field_csv(StreamPtr stream, CsvDialect dialect);
/// `depth` counts the payloads around this object.
/// Errors: other_log if nothing but records of another service is in it.
Result<EnvelopePtr> make_json(StreamPtr stream, std::string name, int depth);

/// Envelope::open() for an object inside `depth` others.
Result<EnvelopePtr> open_envelope(ByteStream& stream, std::string name, int depth);

/// What open() and next() say when nothing in an object is a flow log.
Error no_flow_log(std::string message, const std::string& name);

}  // namespace weir::envelope
