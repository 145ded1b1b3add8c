// SPDX-License-Identifier: Apache-2.0
// decode: lines -> batches. Finds the format of each object and converts the columns asked for.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "weir/batch.hpp"
#include "weir/envelope.hpp"
#include "weir/format.hpp"
#include "weir/result.hpp"
#include "weir/source.hpp"

namespace weir {

/// How weir came to know a format.
enum class FormatOrigin : std::uint8_t {
  header,     ///< a header line in the object
  flag,       ///< the caller gave it (`--format`)
  described,  ///< a `describe-flow-logs` answer, matched by flow-log id or by the tokens
  inferred,   ///< from the tokens of the lines
  wrapping,   ///< the keys of JSON objects or the columns of a CSV
};
std::string_view format_origin_name(FormatOrigin origin) noexcept;

/// A format that an object's records were read with, and why.
struct FormatUse {
  FormatPtr format;
  FormatOrigin origin = FormatOrigin::header;
  double confidence = 1;  ///< 0..1: share of the sampled tokens that fit, 1 if nothing was guessed
  std::string evidence;   ///< for an inferred one: what speaks for it
  std::uint64_t records = 0;  ///< records read with it
  std::string sample;         ///< the first line read with it
};

inline constexpr std::size_t kRejectReasons = static_cast<std::size_t>(RejectReason::other_log) + 1;

/// What happened while an object was decoded. Counters are exact.
struct DecodeReport {
  std::string name;
  std::string shape;  ///< `gzip, bare lines`
  std::uint64_t records = 0;
  std::uint64_t rejected = 0;
  std::array<std::uint64_t, kRejectReasons> rejected_by_reason{};  ///< by RejectReason
  std::vector<Reject> samples;  ///< the first kRejectSamples of each reason
  std::uint64_t blank_lines = 0;
  std::uint64_t comments = 0;  ///< lines that begin with `#`; observed: sekoia-automation-library
  std::uint64_t headers = 0;
  std::uint64_t passed_over = 0;        ///< pieces of the wrapping that are not records
  std::uint64_t millisecond_times = 0;  ///< times given in milliseconds, now seconds
  std::uint64_t coarse_times = 0;       ///< times given as a day
  std::uint64_t repeated_names = 0;     ///< JSON objects with a name twice; the first value counts
  std::uint64_t packed_bytes = 0;
  std::uint64_t unpacked_bytes = 0;
  std::vector<FormatUse> formats;
};

/// Rejects of one reason that a report keeps whole.
inline constexpr std::size_t kRejectSamples = 3;

struct DecodeOptions {
  FieldSet fields = FieldSet::all();        ///< columns that Decoder::next() converts
  std::vector<FieldSet> later;              ///< further ones: those of step i of complete()
  FormatPtr format;                         ///< for lines without a header, or null
  std::vector<DescribedFlowLog> described;  ///< candidates for lines without a header
  bool strict = false;                      ///< the first reject is an error
  /// Told every reject, with the object's name.
  std::function<void(const std::string&, const Reject&)> on_reject;
};

/// Decodes one object.
///
/// Shape:   next() hands out at most kBatchRows records of one format.
/// Errors:  open() fails as Envelope::open does, and with no_flow_log or ambiguous when the lines
///          have no header and no format, or several, fit them. next() fails with damaged or
///          unreadable after the last record before the damage, and with malformed under `strict`.
///          Otherwise a bad line is not an error: it is counted, and decoding goes on. A record is
///          bad when it has the wrong number of fields or a column that was asked for does not hold
///          its type.
/// Threads: one decoder per object; decoders share nothing.
class Decoder {
 public:
  static Result<std::unique_ptr<Decoder>> open(std::unique_ptr<Object> object,
                                               const DecodeOptions& options);
  ~Decoder();
  Result<bool> next(Batch& batch);
  /// Converts the columns of a step of DecodeOptions::later in the selected rows of the batch that
  /// next() gave last: what a filter has dropped costs nothing more. Selections may only shrink
  /// from step to step. Rows that turn out to be bad leave the selection; those that were not
  /// selected are not looked at any further.
  void complete(Batch& batch, Selection& selection, std::size_t step = 0);
  /// What happened so far. Asking ends the decoding: next() then returns false.
  const DecodeReport& report();

 private:
  struct State;
  explicit Decoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace weir
