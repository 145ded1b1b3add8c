// SPDX-License-Identifier: Apache-2.0
// pipeline: inputs -> decode -> filter -> sink. The only place that puts the stages together.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "weir/batch.hpp"
#include "weir/decode.hpp"
#include "weir/filter.hpp"
#include "weir/progress.hpp"
#include "weir/record_sums.hpp"
#include "weir/result.hpp"

namespace weir {

/// What a part of a sink made of one block of input, on its way to BatchSink::commit().
struct SinkPiece {
  virtual ~SinkPiece() = default;
};

/// A thread's share of a sink that several threads feed.
/// Threads: one at a time, always the same one.
class SinkPart {
 public:
  virtual ~SinkPart() = default;
  /// Takes the rows that match. Parts get the blocks of a run in any distribution.
  virtual void take(const Batch& batch, const Selection& selection) = 0;
  /// Called after the last batch of each block: hands out what has to be put in order, or null.
  virtual std::unique_ptr<SinkPiece> end_block() { return nullptr; }
  /// Called once, after the last block of this part.
  virtual void finish() {}
};

/// Takes what a run reads.
class BatchSink {
 public:
  virtual ~BatchSink() = default;
  /// Takes the rows that match, in the order of the input. Returns false when it has had enough.
  /// Errors: what writing reports; they end the run.
  virtual Result<bool> take(const Batch& batch, const Selection& selection) = 0;
  /// A part for one thread, or null if the sink has to see batches in order: then take() gets them.
  virtual std::unique_ptr<SinkPart> part() { return nullptr; }
  /// Takes a piece that a part handed out; called in the order of the input, once at a time, from
  /// any thread. Returns false when it has had enough.
  /// Errors: what writing reports; they end the run.
  virtual Result<bool> commit(std::unique_ptr<SinkPiece> /*piece*/) { return true; }
  /// Told when an object has been read to its end.
  virtual void object_done(const DecodeReport& /*report*/) {}
};

/// How much of what matched has the fields that a question needs. Times are not summed.
struct FieldCoverage {
  RecordSums covered;
  RecordSums lacking;
  std::vector<FieldId> fields;  ///< that the formats of `lacking` lack, each once, ascending

  void add(const FieldCoverage& other);
};

struct RunOptions {
  DecodeOptions decode;  ///< `fields` must name what the sink needs; the filter's own are added
  std::optional<Filter> filter;
  std::optional<std::int64_t> since;  ///< records that start at or after this instant
  std::optional<std::int64_t> until;  ///< records that start before this instant
  /// Count SKIPDATA records for RunReport::skipdata.
  bool count_skipdata = false;
  /// Leave out records that stand for a window and not for traffic (NODATA, SKIPDATA), and count
  /// them in RunReport: they are no flows.
  bool only_traffic = false;
  /// Fields without which a record cannot take part in the answer: of each list its format must
  /// have at least one. For RunReport::coverage; the sums need packets and bytes among the fields.
  std::vector<std::vector<FieldId>> needs;
  /// Sum up what has the fields too; a sink that sums by itself has no need of it.
  bool count_covered = false;
  /// Look for damage in every wanted column of every record, also of those that the filter drops.
  bool look_at_all = false;
  /// Hand every batch to the sink, with every wanted column of all rows: the selection says which
  /// of them match and may be empty. For sinks to which the other rows are evidence.
  bool hand_on_all = false;
  /// Most threads; 0 means as many as the machine has. Sinks without parts and `strict` take one.
  std::size_t threads = 0;
  /// Told of packed bytes, as they are read; or null. The caller begins the phase.
  Progress* progress = nullptr;
};

/// An object that is a log of another service of AWS: skipped as a whole, which costs no record.
struct OtherLog {
  Error error;                ///< what to say of it, and the service
  std::uint64_t objects = 1;  ///< of this service, beyond kMostFailures all in one
};

/// Objects of which a run keeps what is wrong with them: an archive may hold any number.
inline constexpr std::size_t kMostFailures = 10'000;

/// What a run found out besides the answer.
struct RunReport {
  std::uint64_t objects = 0;   ///< objects read, wholly or to their damage
  std::uint64_t records = 0;   ///< records decoded
  std::uint64_t matched = 0;   ///< records that matched, which are handed to the sink
  std::uint64_t rejected = 0;  ///< lines and pieces that are not records
  std::uint64_t unpacked_bytes = 0;
  std::uint64_t repeated_names = 0;  ///< JSON objects with a name twice; the first value counts
  std::vector<Error> failures;       ///< objects that could not be read, or not to their end
  std::uint64_t more_failures = 0;   ///< the same, beyond kMostFailures
  /// Files that grew or were replaced while they were read: warnings. What was truncated or written
  /// to has lost something and is among the failures.
  std::vector<Error> changed_files;
  std::vector<OtherLog> other_logs;
  /// Members of archives that were passed over because of their names: Archive::left_out().
  std::uint64_t members_left_out = 0;
  std::vector<Reject> rejects;  ///< the first few, with `reject_objects` beside
  std::vector<std::string> reject_objects;
  std::vector<FormatPtr> formats;          ///< every different format that was met
  std::vector<std::string> absent_fields;  ///< fields of the question that no format has
  bool filter_cannot_match = false;        ///< because of absent fields no record can match
  std::uint64_t skipdata = 0;  ///< SKIPDATA records within the time asked for, if they are counted
  FieldCoverage coverage;      ///< if RunOptions::needs names any
  std::uint64_t left_out_nodata = 0;    ///< records that matched, if RunOptions::only_traffic
  std::uint64_t left_out_skipdata = 0;  ///< the same
  std::optional<Error> fatal;           ///< what ended the run early: strict, or a sink's failure
};

/// Reads inputs, on several threads if the sink has parts. What is committed and reported does not
/// depend on their number.
RunReport run(std::span<const Input> inputs, const RunOptions& options, BatchSink& sink);

}  // namespace weir
