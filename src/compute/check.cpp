// SPDX-License-Identifier: Apache-2.0
// compute: the findings of `weir check`.
#include "weir/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/number_words.hpp"
#include "compute/check_memory.hpp"
#include "compute/implausible.hpp"
#include "weir/time.hpp"

namespace weir {
namespace {

using compute::Tally;
using compute::text_at;
using compute::time_at;

struct InterfaceHistory {
  Tally records;
  Tally nodata;
  Tally skipdata;
  compute::Coverage coverage;
};

struct ShapeTally {
  std::uint64_t objects = 0;
  std::uint64_t records = 0;
};

struct FormatTally {
  std::uint64_t objects = 0;
  std::uint64_t records = 0;
  double confidence = 1;
  std::string evidence;
  std::string sample;
};

// AWS VPC User Guide, "Aggregation interval": at most 60 or 600 seconds; `start` and `end` may lie
// up to 60 seconds outside.
using compute::kLongWindow;
constexpr std::int64_t kShortWindow = 60;
constexpr std::int64_t kLongestOfShortWindows = kShortWindow + 60;

// Below this share of fitting tokens an inferred format is worth a warning.
constexpr double kSure = 0.99;

}  // namespace

struct Checker::State {
  std::uint64_t records = 0;
  compute::ImplausibleValues implausible;
  std::int64_t longest_window = 0;
  std::map<std::string, InterfaceHistory, std::less<>> interfaces;
  std::map<std::string, Tally, std::less<>> odd_values;
  compute::RecentRecords recent{kDuplicateWindow};
  Tally duplicates;
  std::vector<compute::RecordHash> hashes;

  std::map<std::string, ShapeTally> shapes;
  std::map<std::tuple<std::string, std::string>, FormatTally> formats;  // origin, format
  std::array<std::uint64_t, kRejectReasons> rejected{};
  std::vector<std::pair<std::string, Reject>> samples;
  std::vector<Error> failures;
  std::vector<Error> changed_files;
  std::map<std::string, std::uint64_t> other_logs;  // objects by service
  std::uint64_t members_left_out = 0;
  std::uint64_t comments = 0;
  std::uint64_t headers = 0;
  std::uint64_t passed_over = 0;
  std::uint64_t millisecond_times = 0;
  std::uint64_t coarse_times = 0;
  std::uint64_t repeated_names = 0;

  void add_odd_values(const Batch& batch, std::size_t row, std::optional<std::int64_t> start,
                      std::optional<std::int64_t> end);
  void add_interface(std::string_view name, std::string_view status,
                     std::optional<std::int64_t> start, std::optional<std::int64_t> end);
  std::int64_t window() const {
    return longest_window <= kLongestOfShortWindows ? kShortWindow : kLongWindow;
  }

  void list_objects(std::vector<Finding>& findings) const;
  void list_rejects(std::vector<Finding>& findings) const;
  void list_statuses(std::vector<Finding>& findings) const;
  void list_time(std::vector<Finding>& findings) const;
  void list_gaps(std::vector<Finding>& findings) const;
  void list_duplicates(std::vector<Finding>& findings) const;
  void list_odd_values(std::vector<Finding>& findings) const;
  void list_interfaces(std::vector<Finding>& findings) const;
};

Checker::Checker() : state_(std::make_unique<State>()) {}
Checker::~Checker() = default;

std::uint64_t Checker::records() const noexcept { return state_->records; }

void Checker::State::add_interface(std::string_view name, std::string_view status,
                                   std::optional<std::int64_t> start,
                                   std::optional<std::int64_t> end) {
  auto found = interfaces.find(name);
  if (found == interfaces.end())
    found = interfaces.emplace(std::string(name), InterfaceHistory{}).first;
  InterfaceHistory& history = found->second;
  history.records.add(start, end);
  if (status == "NODATA") history.nodata.add(start, end);
  if (status == "SKIPDATA") history.skipdata.add(start, end);
  if (compute::is_window(start, end)) history.coverage.add(*start, *end);
}

/// Values that AWS's pages do not document. The record is kept as it is.
void Checker::State::add_odd_values(const Batch& batch, std::size_t row,
                                    std::optional<std::int64_t> start,
                                    std::optional<std::int64_t> end) {
  const auto note = [&](std::string what) {
    // A log of nothing but odd values must not fill the memory.
    constexpr std::size_t kMostOddValues = 1000;
    if (odd_values.size() >= kMostOddValues && !odd_values.contains(what)) what = "other values";
    odd_values[std::move(what)].add(start, end);
  };
  const std::string_view action = text_at(batch.find(FieldId::action), row);
  const std::string_view status = text_at(batch.find(FieldId::log_status), row);
  if (!action.empty() && action != "ACCEPT" && action != "REJECT") {
    note(fmt::format("action {}", action));
  }
  if (!status.empty() && status != "OK" && status != "NODATA" && status != "SKIPDATA") {
    note(fmt::format("log-status {}", status));
  }
  if (!action.empty() && (status == "NODATA" || status == "SKIPDATA")) {
    note(fmt::format("{} with log-status {}", action, status));
  }
  if (start && end && *start > *end) note("start after end");
}

void Checker::add(const Batch& batch) {
  State& state = *state_;
  const Column* const starts = batch.find(FieldId::start);
  const Column* const ends = batch.find(FieldId::end);
  const Column* const statuses = batch.find(FieldId::log_status);
  const Column* interfaces = batch.find(FieldId::interface_id);
  if (interfaces == nullptr) interfaces = batch.find(FieldId::tgw_attachment_id);
  const Column* const resources = batch.find(FieldId::resource_id);
  compute::hash_records(batch, state.hashes);
  for (std::size_t row = 0; row < batch.rows; ++row) {
    const auto start = time_at(starts, row);
    const auto end = time_at(ends, row);
    if (compute::is_window(start, end))
      state.longest_window = std::max(state.longest_window, *end - *start);
    if (state.recent.seen_before(state.hashes[row])) state.duplicates.add(start, end);
    std::string_view interface_name = text_at(interfaces, row);
    if (interface_name.empty()) interface_name = text_at(resources, row);
    if (!interface_name.empty()) {
      state.add_interface(interface_name, text_at(statuses, row), start, end);
    }
    state.add_odd_values(batch, row, start, end);
    state.implausible.add(batch, row, start, end);
  }
  state.records += batch.rows;
}

void Checker::object_done(const DecodeReport& report) {
  State& state = *state_;
  ShapeTally& shape = state.shapes[report.shape];
  ++shape.objects;
  shape.records += report.records;
  for (const FormatUse& use : report.formats) {
    const std::string origin(format_origin_name(use.origin));
    FormatTally& format =
        state.formats[{use.format->label() + '\n' + use.format->header(), origin}];
    ++format.objects;
    format.records += use.records;
    format.confidence = std::min(format.confidence, use.confidence);
    if (format.evidence.empty()) format.evidence = use.evidence;
    if (format.sample.empty()) format.sample = use.sample;
  }
  for (std::size_t i = 0; i < kRejectReasons; ++i)
    state.rejected[i] += report.rejected_by_reason[i];
  for (const Reject& reject : report.samples) {
    if (state.samples.size() < kFindingsPerTopic) state.samples.emplace_back(report.name, reject);
  }
  state.comments += report.comments;
  state.headers += report.headers;
  state.passed_over += report.passed_over;
  state.millisecond_times += report.millisecond_times;
  state.coarse_times += report.coarse_times;
  state.repeated_names += report.repeated_names;
}

void Checker::object_failed(const Error& error) { state_->failures.push_back(error); }

void Checker::file_changed(const Error& warning) { state_->changed_files.push_back(warning); }

void Checker::other_log(const std::string& service, std::uint64_t objects) {
  state_->other_logs[service] += objects;
}

void Checker::members_left_out(std::uint64_t members) { state_->members_left_out += members; }

void Checker::State::list_objects(std::vector<Finding>& findings) const {
  for (const auto& [shape, tally] : shapes) {
    findings.push_back({.topic = "shapes",
                        .severity = Severity::note,
                        .subject = shape,
                        .count = tally.objects,
                        .first = {},
                        .last = {},
                        .detail = base::counted(tally.records, "record")});
  }
  for (const auto& [key, tally] : formats) {
    const auto& [named, origin] = key;
    const std::size_t cut = named.find('\n');
    const std::string label = named.substr(0, cut);
    const bool judged = !tally.evidence.empty();
    std::string detail = fmt::format("{}; {}", origin, base::counted(tally.records, "record"));
    if (judged) {
      detail += fmt::format("; confidence {:.0f} % ({})", tally.confidence * 100, tally.evidence);
    }
    if (label.starts_with("custom")) detail += fmt::format("; {}", named.substr(cut + 1));
    findings.push_back(
        {.topic = "formats",
         .severity = judged && tally.confidence < kSure ? Severity::warning : Severity::note,
         .subject = label,
         .count = tally.objects,
         .first = {},
         .last = {},
         .detail = std::move(detail)});
  }
  for (const auto& [key, tally] : formats) {
    if (tally.sample.empty()) continue;
    findings.push_back({.topic = "samples",
                        .severity = Severity::note,
                        .subject = std::get<0>(key).substr(0, std::get<0>(key).find('\n')),
                        .count = 1,
                        .first = {},
                        .last = {},
                        .detail = tally.sample});
  }
  for (const auto& [service, objects] : other_logs) {
    findings.push_back({.topic = "other-logs",
                        .severity = Severity::note,
                        .subject = service,
                        .count = objects,
                        .first = {},
                        .last = {},
                        .detail = "not flow logs: skipped as a whole"});
  }
  if (members_left_out > 0) {
    findings.push_back({.topic = "left-out",
                        .severity = Severity::note,
                        .subject = "hidden names and metadata of macOS",
                        .count = members_left_out,
                        .first = {},
                        .last = {},
                        .detail = "names that begin with `.`, and __MACOSX/"});
  }
  for (const Error& warning : changed_files) {
    findings.push_back({.topic = "changed",
                        .severity = Severity::warning,
                        .subject = warning.where,
                        .count = 1,
                        .first = {},
                        .last = {},
                        .detail = warning.message});
  }
  for (const Error& error : failures) {
    findings.push_back({.topic = "unreadable",
                        .severity = Severity::warning,
                        .subject = error.where,
                        .count = 1,
                        .first = {},
                        .last = {},
                        .detail = error.message});
  }
}

void Checker::State::list_rejects(std::vector<Finding>& findings) const {
  for (std::size_t i = 0; i < kRejectReasons; ++i) {
    if (rejected[i] == 0) continue;
    findings.push_back({.topic = "malformed",
                        .severity = Severity::warning,
                        .subject = std::string(reject_reason_name(static_cast<RejectReason>(i))),
                        .count = rejected[i],
                        .first = {},
                        .last = {},
                        .detail = {}});
  }
  for (const auto& [object, reject] : samples) {
    findings.push_back({.topic = "malformed-samples",
                        .severity = Severity::warning,
                        .subject = fmt::format("{}:{}", object, reject.line),
                        .count = 1,
                        .first = {},
                        .last = {},
                        .detail = fmt::format("{}: {}", reject.detail, reject.text)});
  }
}

void Checker::State::list_statuses(std::vector<Finding>& findings) const {
  for (const auto& [name, history] : interfaces) {
    if (history.skipdata.count == 0) continue;
    findings.push_back({.topic = "skipdata",
                        .severity = Severity::warning,
                        .subject = name,
                        .count = history.skipdata.count,
                        .first = history.skipdata.first,
                        .last = history.skipdata.last,
                        .detail = "AWS dropped records: sums over this time are lower bounds"});
  }
  for (const auto& [name, history] : interfaces) {
    if (history.nodata.count == 0) continue;
    findings.push_back({.topic = "nodata",
                        .severity = Severity::note,
                        .subject = name,
                        .count = history.nodata.count,
                        .first = history.nodata.first,
                        .last = history.nodata.last,
                        .detail = "no traffic in these windows"});
  }
}

void Checker::State::list_time(std::vector<Finding>& findings) const {
  const Tally all = implausible.time_range();
  if (all.first) {
    findings.push_back({.topic = "time",
                        .severity = Severity::note,
                        .subject = "range",
                        .count = records,
                        .first = all.first,
                        .last = all.last,
                        .detail = fmt::format("windows up to {} s", longest_window)});
  }
  if (millisecond_times > 0) {
    findings.push_back({.topic = "time",
                        .severity = Severity::note,
                        .subject = "milliseconds",
                        .count = millisecond_times,
                        .first = {},
                        .last = {},
                        .detail = "times in milliseconds, read as seconds"});
  }
  if (coarse_times > 0) {
    findings.push_back({.topic = "time",
                        .severity = Severity::warning,
                        .subject = "days",
                        .count = coarse_times,
                        .first = {},
                        .last = {},
                        .detail = "times given as a day: exact to the day only"});
  }
}

void Checker::State::list_gaps(std::vector<Finding>& findings) const {
  for (const auto& [name, history] : interfaces) {
    std::vector<compute::TimeSpan> gaps = history.coverage.gaps(2 * window());
    // What is years away is no end of a gap, but a time that cannot be right.
    std::erase_if(gaps, [](const compute::TimeSpan& gap) {
      return gap.end - gap.begin > compute::kFarApart;
    });
    if (gaps.empty()) continue;
    const compute::TimeSpan longest = *std::max_element(
        gaps.begin(), gaps.end(), [](const compute::TimeSpan& a, const compute::TimeSpan& b) {
          return a.end - a.begin < b.end - b.begin;
        });
    findings.push_back({.topic = "gaps",
                        .severity = Severity::warning,
                        .subject = name,
                        .count = gaps.size(),
                        .first = gaps.front().begin,
                        .last = gaps.back().end,
                        .detail = fmt::format("longest {} s", longest.end - longest.begin)});
  }
}

void Checker::State::list_duplicates(std::vector<Finding>& findings) const {
  if (duplicates.count == 0) return;
  std::string detail = "records equal to an earlier one in every field: totals count them twice";
  if (recent.forgot()) {
    detail += fmt::format("; compared with the {} records before each", kDuplicateWindow);
  }
  findings.push_back({.topic = "duplicates",
                      .severity = Severity::warning,
                      .subject = "records",
                      .count = duplicates.count,
                      .first = duplicates.first,
                      .last = duplicates.last,
                      .detail = std::move(detail)});
}

void Checker::State::list_odd_values(std::vector<Finding>& findings) const {
  for (const auto& [what, tally] : odd_values) {
    findings.push_back({.topic = "odd-values",
                        .severity = Severity::warning,
                        .subject = what,
                        .count = tally.count,
                        .first = tally.first,
                        .last = tally.last,
                        .detail = "not documented by AWS; kept as it is"});
  }
  implausible.list(findings);
  if (repeated_names > 0) {
    findings.push_back({.topic = "odd-values",
                        .severity = Severity::warning,
                        .subject = "JSON objects with a name twice",
                        .count = repeated_names,
                        .first = {},
                        .last = {},
                        .detail = "the first value counts"});
  }
  if (comments > 0) {
    findings.push_back({.topic = "odd-values",
                        .severity = Severity::note,
                        .subject = "comment lines",
                        .count = comments,
                        .first = {},
                        .last = {},
                        .detail = "begin with #, passed over"});
  }
}

void Checker::State::list_interfaces(std::vector<Finding>& findings) const {
  for (const auto& [name, history] : interfaces) {
    findings.push_back({.topic = "interfaces",
                        .severity = Severity::note,
                        .subject = name,
                        .count = history.records.count,
                        .first = history.records.first,
                        .last = history.records.last,
                        .detail = {}});
  }
}

std::vector<Finding> Checker::findings() const {
  std::vector<Finding> findings;
  state_->list_objects(findings);
  state_->list_rejects(findings);
  state_->list_time(findings);
  state_->list_statuses(findings);
  state_->list_gaps(findings);
  state_->list_duplicates(findings);
  state_->list_odd_values(findings);
  state_->list_interfaces(findings);
  return findings;
}

}  // namespace weir
