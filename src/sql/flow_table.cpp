// SPDX-License-Identifier: Apache-2.0
// sql: the objects behind a table.
#include "sql/flow_table.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace weir::sql {
namespace {

/// Looking at more objects than this would be felt before the first answer.
constexpr std::size_t kMostPeeks = 10'000;

/// A format of these fields, each once; null if there are none.
FormatPtr format_of(const std::vector<std::string>& names) {
  std::vector<std::string_view> fields;
  for (const std::string& name : names) {
    if (std::find(fields.begin(), fields.end(), name) == fields.end()) fields.push_back(name);
  }
  Result<Format> format = Format::from_names(fields);
  return format ? std::make_shared<const Format>(*std::move(format)) : nullptr;
}

/// Nothing unless every object is a file whose path is a path to SQL, too.
std::optional<std::vector<FileState>> states_of(const std::vector<Input>& inputs) {
  std::vector<FileState> states;
  for (const Input& input : inputs) {
    struct stat status {};
    const std::string& path = input.name;
    if (input.kind != InputKind::file || stat(path.c_str(), &status) != 0 ||
        !S_ISREG(status.st_mode) || path.starts_with("/dev/") ||
        path.find_first_of("*?[") != std::string::npos) {
      return std::nullopt;
    }
    states.push_back({.bytes = static_cast<std::uint64_t>(status.st_size),
                      .seconds = status.st_mtim.tv_sec,
                      .nanoseconds = status.st_mtim.tv_nsec});
  }
  return states;
}

/// What only the decoder does: it drops records, tells bad ones and counts gaps.
bool needs_decoder(const RunOptions& options) {
  return options.filter || options.since || options.until || options.count_skipdata ||
         !options.needs.empty() || options.decode.strict || options.decode.on_reject != nullptr;
}

}  // namespace

Result<void> FlowTable::look_at_objects() {
  if (table_.before_reading) {
    if (Result<void> ready = table_.before_reading(); !ready) return ready;
  }
  // The database of the session is open already, where it may read files.
  std::optional<parquet::Engine> session;
  if (instance_ != nullptr) {
    auto connection = instance_->connect();
    if (!connection) return Unexpected(std::move(connection.error()));
    session.emplace(*std::move(connection));
  }
  pipeline::PeekedFormats peeked = pipeline::peek_formats(
      table_.inputs, table_.options.decode, kMostPeeks, session ? *session : parquet_);
  if (peeked.formats.empty()) {
    if (peeked.failure) return Unexpected(*std::move(peeked.failure));
    if (table_.inputs.empty()) {
      return Unexpected({.code = ErrorCode::not_found,
                         .message = "the table " + table_.name + " has no objects"});
    }
    // Objects without a record are a table without rows.
    peeked.formats.push_back(std::make_shared<Format>(Format::default_vpc()));
  }
  const std::optional<Format> own = pipeline::union_of(peeked.formats);
  if (const FormatPtr more = format_of(table_.more_fields); more != nullptr) {
    peeked.formats.push_back(more);
  }
  std::optional<Format> all = pipeline::union_of(peeked.formats);
  if (!own || !all) {
    return Unexpected(
        {.code = ErrorCode::unsupported,
         .message =
             "the objects of " + table_.name + " have more different fields than a table can have",
         .hint = "ask fewer of them at once, or make tables of them: --table NAME=INPUT"});
  }
  columns_ = columns_of(*all);
  for (TableColumn& column : columns_) {
    column.is_absent = !column.field.name.empty() && own->index_of(column.field.name) < 0;
  }
  format_ = std::make_shared<Format>(*std::move(all));
  is_ready_ = true;
  make_view(peeked);
  return {};
}

void FlowTable::make_view(const pipeline::PeekedFormats& peeked) {
  if (instance_ == nullptr || needs_decoder(table_.options) || peeked.failure) return;
  if (peeked.files.empty() || peeked.files.size() != table_.inputs.size()) return;
  auto states = states_of(table_.inputs);
  auto connection = instance_->connect();
  if (!states || !connection) return;
  auto view = make_parquet_view(**connection, peeked.files, columns_);
  if (!view) return;
  file_states_ = *std::move(states);
  view_report_.objects = table_.inputs.size();
  view_report_.records = view_report_.matched = view->records;
  view_report_.formats = {peeked.files.front()->format()};
  for (const FileState& state : file_states_) view_report_.unpacked_bytes += state.bytes;
  view_ = std::move(view);
}

std::optional<std::string> FlowTable::view() {
  const std::lock_guard lock(mutex_);
  if (!may_use_view_ || !make_ready() || !view_ || states_of(table_.inputs) != file_states_) {
    return std::nullopt;
  }
  has_used_view_ = true;
  return view_->sql;
}

void FlowTable::allow_view(bool may) {
  const std::lock_guard lock(mutex_);
  may_use_view_ = may;
  if (may) has_used_view_ = false;
}

bool FlowTable::has_used_view() const {
  const std::lock_guard lock(mutex_);
  return has_used_view_;
}

void FlowTable::end_view() {
  if (has_used_view()) end_run(nullptr, view_report_, {});
}

Result<void> FlowTable::make_ready() { return is_ready_ ? Result<void>() : look_at_objects(); }

Result<const std::vector<TableColumn>*> FlowTable::columns() {
  const std::lock_guard lock(mutex_);
  if (auto ready = make_ready(); !ready) return Unexpected(std::move(ready.error()));
  return &columns_;
}

Result<std::vector<TableColumn>> FlowTable::logged_columns() {
  const std::lock_guard lock(mutex_);
  if (auto ready = make_ready(); !ready) return Unexpected(std::move(ready.error()));
  return logged_columns_of(*format_);
}

std::uint64_t FlowTable::estimated_rows() const {
  // A default record takes some 115 bytes as text, and a quarter of that packed.
  constexpr std::uint64_t kBytesOfRecord = 64;
  std::uint64_t bytes = 0;
  for (const Input& input : table_.inputs) {
    struct stat status {};
    const std::optional<std::string> path = input.path();
    if (path && stat(path->c_str(), &status) == 0)
      bytes += static_cast<std::uint64_t>(status.st_size);
  }
  return bytes / kBytesOfRecord + 1;
}

RunOptions FlowTable::run_options() {
  const std::lock_guard lock(mutex_);
  RunOptions options = table_.options;
  if (std::exchange(is_told_, true)) options.decode.on_reject = nullptr;
  return options;
}

void FlowTable::add_run(pipeline::PulledRun* run) {
  const std::lock_guard lock(mutex_);
  runs_.push_back(run);
}

void FlowTable::stop_runs() {
  const std::lock_guard lock(mutex_);
  for (pipeline::PulledRun* const run : runs_) run->stop();
}

void FlowTable::end_run(pipeline::PulledRun* run, RunReport report, Losses losses) {
  const std::lock_guard lock(mutex_);
  std::erase(runs_, run);
  losses_ = {.numbers = std::max(losses_.numbers, losses.numbers),
             .texts = std::max(losses_.texts, losses.texts)};
  const auto seen = [](const RunReport& each) { return each.records + each.rejected; };
  if (!report_ || seen(report) >= seen(*report_)) report_ = std::move(report);
}

std::optional<RunReport> FlowTable::report() const {
  const std::lock_guard lock(mutex_);
  return report_;
}

Losses FlowTable::losses() const {
  const std::lock_guard lock(mutex_);
  return losses_;
}

void FlowTable::learn_late_fields() {
  const std::lock_guard lock(mutex_);
  if (!report_ || !is_ready_) return;
  std::vector<FormatPtr> formats = {format_};
  formats.insert(formats.end(), report_->formats.begin(), report_->formats.end());
  std::optional<Format> all = pipeline::union_of(formats);
  if (!all) return;  // more than a table can have: they stay late
  columns_ = columns_of(*all);
  format_ = std::make_shared<Format>(*std::move(all));
}

std::vector<std::string> FlowTable::late_fields() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> late;
  if (!report_) return late;
  for (const FormatPtr& format : report_->formats) {
    for (const FormatField& field : format->fields()) {
      const auto is_it = [&](const TableColumn& column) { return column.field.name == field.name; };
      if (std::none_of(columns_.begin(), columns_.end(), is_it) &&
          std::find(late.begin(), late.end(), field.name) == late.end()) {
        late.push_back(field.name);
      }
    }
  }
  return late;
}

void FlowTable::fail(Error error) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::move(error);
}

std::optional<Error> FlowTable::take_failure() {
  const std::lock_guard lock(mutex_);
  return std::exchange(failure_, std::nullopt);
}

}  // namespace weir::sql
