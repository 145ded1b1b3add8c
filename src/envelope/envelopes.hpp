// SPDX-License-Identifier: Apache-2.0
// envelope: one maker for each shape, and what recognition tells it.
#pragma once

#include <memory>
#include <string>

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

/// Looks at a sample, which is the whole object if `complete`.
/// Errors: no_flow_log and unsupported, as Envelope::open().
Result<Recognition> recognise(std::string_view sample, bool complete, const std::string& name);

using StreamPtr = std::unique_ptr<SampledStream>;
using EnvelopePtr = std::unique_ptr<Envelope>;

/// What some editors write in front of UTF-8.
inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

EnvelopePtr make_bare_lines(StreamPtr stream);
EnvelopePtr make_timestamped_lines(StreamPtr stream, bool has_streams);
EnvelopePtr make_tabbed_rows(StreamPtr stream);
EnvelopePtr make_list_items(StreamPtr stream);
EnvelopePtr make_message_csv(StreamPtr stream, CsvDialect dialect);
EnvelopePtr make_field_csv(StreamPtr stream, CsvDialect dialect);
/// `depth` counts the payloads around this object.
/// Errors: unsupported for OCSF documents.
Result<EnvelopePtr> make_json(StreamPtr stream, std::string name, int depth);

/// Envelope::open() for an object inside `depth` others.
Result<EnvelopePtr> open_envelope(ByteStream& stream, std::string name, int depth);

/// What open() and next() say when nothing in an object is a flow log.
Error no_flow_log(std::string message, const std::string& name);
/// What is said of Security Lake's schema, in JSON or in Parquet.
Error ocsf(const std::string& name);

}  // namespace weir::envelope
