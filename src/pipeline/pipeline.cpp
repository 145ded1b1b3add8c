// SPDX-License-Identifier: Apache-2.0
// pipeline: one object after the other through decode, filter and sink.
#include "weir/pipeline.hpp"

#include <algorithm>

#include "weir/source.hpp"

namespace weir {
namespace {

constexpr std::size_t kKeptRejects = 3;

/// The filter and the time range, bound to the formats of a run as they are met.
class Matcher {
 public:
  explicit Matcher(const RunOptions& options) : options_(options) {}

  void meet(const FormatPtr& format) {
    if (format == format_) return;
    format_ = format;
    if (options_.filter) bound_ = options_.filter->bind(format);
    const auto same = [&](const FormatPtr& known) { return *known == *format; };
    if (std::any_of(formats_.begin(), formats_.end(), same)) return;
    formats_.push_back(format);
    if (!options_.filter || !bound_.never_matches()) can_match_ = true;
  }

  void keep_time_range(const Batch& batch, Selection& selection) const {
    selection.select_all(batch.rows);
    if (options_.since || options_.until) keep_time(batch, selection);
  }
  void keep_matching(const Batch& batch, Selection& selection) const {
    if (options_.filter) bound_.apply(batch, selection);
  }

  void report(RunReport& report) const {
    report.formats = formats_;
    report.filter_cannot_match = !formats_.empty() && !can_match_;
    if (!options_.filter || formats_.empty()) return;
    const BoundFilter bound = options_.filter->bind(formats_.front());
    for (const std::string& field : bound.missing_fields()) {
      const bool somewhere =
          std::any_of(formats_.begin(), formats_.end(),
                      [&](const FormatPtr& format) { return format->index_of(field) >= 0; });
      if (!somewhere) report.absent_fields.push_back(field);
    }
  }

 private:
  /// Keeps records that start within the range. One without a start time is not known to.
  void keep_time(const Batch& batch, Selection& selection) const {
    const Column* const start = batch.find(FieldId::start);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < selection.count && start != nullptr; ++i) {
      const std::uint16_t row = selection.rows[i];
      if (start->nulls.test(row)) continue;
      const auto time = static_cast<std::int64_t>(start->numbers[row]);
      if (options_.since && time < *options_.since) continue;
      if (options_.until && time >= *options_.until) continue;
      selection.rows[kept++] = row;
    }
    selection.count = kept;
  }

  const RunOptions& options_;
  FormatPtr format_;
  BoundFilter bound_;
  std::vector<FormatPtr> formats_;
  bool can_match_ = false;
};

/// SKIPDATA stands for an unknown number of lost records (AWS VPC User Guide, "Flow log records",
/// log-status), so that sums over its window are lower bounds.
std::uint64_t count_skipdata(const Batch& batch, const Selection& selection) {
  const Column* const status = batch.find(FieldId::log_status);
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < selection.count && status != nullptr; ++i) {
    if (status->texts[selection.rows[i]] == "SKIPDATA") ++count;
  }
  return count;
}

class Run {
 public:
  Run(const RunOptions& options, BatchSink& sink)
      : options_(options), sink_(sink), matcher_(options) {
    decode_ = options.decode;
    if (options.filter) decode_.fields.add(options.filter->fields());
    if (options.since || options.until) decode_.fields.add(FieldId::start);
  }

  RunReport over(std::span<const std::string> names) {
    for (const std::string& name : names) {
      if (!read_object(name)) break;
    }
    matcher_.report(report_);
    return std::move(report_);
  }

 private:
  /// Returns false when the run is over.
  bool read_object(const std::string& name) {
    Result<std::unique_ptr<Object>> object = Object::open(name);
    if (!object) {
      report_.failures.push_back(std::move(object.error()));
      return true;
    }
    const Object& bytes = **object;
    Result<std::unique_ptr<Decoder>> decoder = Decoder::open(*std::move(object), decode_);
    if (!decoder) return fail(std::move(decoder.error()));
    ++report_.objects;
    bool wanted = true;
    while (wanted) {
      Result<bool> more = (*decoder)->next(batch_);
      if (!more) {
        wanted = fail(std::move(more.error()));
        break;
      }
      if (!*more) break;
      wanted = take_batch();
      if (options_.on_progress) options_.on_progress(finished_bytes_ + bytes.packed_bytes());
    }
    add((*decoder)->report());
    return wanted;
  }

  bool take_batch() {
    matcher_.meet(batch_.format);
    matcher_.keep_time_range(batch_, selection_);
    report_.skipdata += count_skipdata(batch_, selection_);
    matcher_.keep_matching(batch_, selection_);
    if (selection_.count == 0) return true;
    report_.matched += selection_.count;
    Result<bool> wanted = sink_.take(batch_, selection_);
    if (wanted) return *wanted;
    report_.fatal = std::move(wanted.error());
    return false;
  }

  /// A bad object does not end the run; a bad line under `strict` does.
  bool fail(Error error) {
    if (error.code == ErrorCode::malformed && decode_.strict) {
      report_.fatal = std::move(error);
      return false;
    }
    report_.failures.push_back(std::move(error));
    return true;
  }

  void add(const DecodeReport& decoded) {
    report_.records += decoded.records;
    report_.rejected += decoded.rejected;
    report_.unpacked_bytes += decoded.unpacked_bytes;
    finished_bytes_ += decoded.packed_bytes;
    for (const Reject& reject : decoded.samples) {
      if (report_.rejects.size() == kKeptRejects) break;
      report_.rejects.push_back(reject);
      report_.reject_objects.push_back(decoded.name);
    }
    sink_.object_done(decoded);
  }

  const RunOptions& options_;
  BatchSink& sink_;
  Matcher matcher_;
  DecodeOptions decode_;
  RunReport report_;
  Batch batch_;
  Selection selection_;
  std::uint64_t finished_bytes_ = 0;
};

}  // namespace

RunReport run(std::span<const std::string> names, const RunOptions& options, BatchSink& sink) {
  return Run(options, sink).over(names);
}

}  // namespace weir
