// SPDX-License-Identifier: Apache-2.0
// cli: before and after a reading verb's own work.
#include "cli/reading.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <tuple>

#include "base/number_words.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/standard_output.hpp"
#include "render/escaped_text.hpp"
#include "source/spool.hpp"
#include "weir/parquet.hpp"
#include "weir/source.hpp"

namespace weir::cli {
namespace {

/// A directory of other files must not bury what was found.
constexpr std::size_t kShownFailures = 5;

constexpr std::uint64_t kMostThreads = 1024;

std::int64_t unix_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Sends on to the sink of a file, which gets its name only if the answer in it is whole.
class WholeAnswerSink final : public ByteSink {
 public:
  WholeAnswerSink(std::unique_ptr<ByteSink> sink, const RunReport& report)
      : sink_(std::move(sink)), report_(report) {}

  Result<void> write(std::string_view bytes) override { return sink_->write(bytes); }
  Result<void> finish() override {
    if (report_.fatal) return Unexpected(*report_.fatal);
    return sink_->finish();
  }
  bool is_closed_pipe() const noexcept override { return sink_->is_closed_pipe(); }

 private:
  std::unique_ptr<ByteSink> sink_;
  const RunReport& report_;
};

std::string reject_line(const std::string& object, const Reject& reject) {
  TextBlock line;
  line.append("{\"object\":");
  render::append_json_string(line, object);
  line.append(fmt::format(",\"line\":{},\"column\":{},\"reason\":\"{}\",\"detail\":", reject.line,
                          reject.column, reject_reason_name(reject.reason)));
  render::append_json_string(line, reject.detail);
  line.append(",\"text\":");
  render::append_json_string(line, reject.text);
  line.append("}\n");
  return std::string(line.view());
}

}  // namespace

std::uint64_t total_bytes(const std::vector<Input>& inputs) {
  std::uint64_t total = 0;
  for (const Input& input : inputs) {
    struct stat status {};
    const std::optional<std::string> path = input.path();
    const int found = path ? stat(path->c_str(), &status) : fstat(STDIN_FILENO, &status);
    if (found != 0 || !S_ISREG(status.st_mode)) return 0;
    total += static_cast<std::uint64_t>(status.st_size);
  }
  return total;
}

int fail(const Error& error) {
  print_error(error);
  return kNoAnswer;
}

bool nothing_to_read(const std::vector<std::string>& inputs, std::string_view verb) {
  if (!inputs.empty() || !stdin_is_terminal()) return false;
  fmt::print("{}", verb_help(*find_verb(verb)));
  return true;
}

std::optional<std::string> coverage_words(const FieldCoverage& coverage) {
  const RecordSums& lacking = coverage.lacking;
  if (lacking.flows == 0) return std::nullopt;
  const unsigned __int128 bytes = coverage.covered.bytes + lacking.bytes;
  const bool has_bytes = bytes > 0;
  const double share =
      has_bytes ? static_cast<double>(coverage.covered.bytes) / static_cast<double>(bytes)
                : static_cast<double>(coverage.covered.flows) /
                      static_cast<double>(coverage.covered.flows + lacking.flows);
  std::vector<std::string_view> names;
  for (const FieldId id : coverage.fields) names.push_back(field_info(id).name);
  const std::string sums =
      has_bytes ? fmt::format(" with {} packets and {}", with_thousands(lacking.packets),
                              human_bytes(lacking.bytes))
                : std::string();
  return fmt::format("covers {} of the {}: {}{} lack{} {}", base::share_text(share),
                     has_bytes ? "bytes" : "records", base::counted(lacking.flows, "record"), sums,
                     lacking.flows == 1 ? "s" : "", fmt::join(names, ", "));
}

Result<std::unique_ptr<Reading>> Reading::prepare(const Options& options,
                                                  std::vector<std::string> inputs,
                                                  std::vector<Cidr> own) {
  if (inputs.empty()) inputs.emplace_back("-");
  return prepare(options, std::move(inputs), std::move(own), false);
}

Result<std::unique_ptr<Reading>> Reading::prepare_for_sql(const Options& options,
                                                          std::vector<std::string> inputs) {
  return prepare(options, std::move(inputs), {}, true);
}

Result<std::unique_ptr<Reading>> Reading::prepare(const Options& options,
                                                  std::vector<std::string> inputs,
                                                  std::vector<Cidr> own, bool in_sql) {
  std::unique_ptr<Reading> reading(new Reading(options));
  reading->own_ = std::move(own);
  if (Result<void> parsed = reading->parse_flags(); !parsed) {
    return Unexpected(std::move(parsed.error()));
  }
  if (!in_sql) {
    reading->watch_ = std::make_unique<InterruptWatch>();
    reading->watch_->guard([watch = reading->watch_.get()] {
      erase_progress_if_free();
      die_of(watch->signal());
    });
  }
  reading->progress_ = std::make_unique<ProgressLine>(options.progress);
  reading->progress().begin("listing inputs");
  InputList list = expand_inputs(inputs);
  reading->progress().end();
  if (list.inputs.empty() && !inputs.empty()) {
    if (!list.errors.empty()) return Unexpected(std::move(list.errors.front()));
    return Unexpected({.code = ErrorCode::not_found,
                       .message = "no file in these directories",
                       .where = inputs.front()});
  }
  reading->inputs_ = std::move(list.inputs);
  reading->input_errors_ = std::move(list.errors);
  if (Result<void> opened = reading->open_files(in_sql); !opened) {
    return Unexpected(std::move(opened.error()));
  }
  return reading;
}

Reading::~Reading() = default;

Result<void> Reading::parse_flags() {
  Result<Output> output = choose_output(options_);
  if (!output) return Unexpected(std::move(output.error()));
  output_ = *std::move(output);
  run_options_.decode.fields = FieldSet();
  run_options_.decode.strict = options_.strict;
  if (!options_.where.empty()) {
    Result<Filter> filter = parse_where(options_.where, own_);
    if (!filter) return Unexpected(std::move(filter.error()));
    run_options_.filter = *std::move(filter);
  }
  const std::int64_t now = unix_now();
  for (const auto& [flag, text, target] :
       {std::tuple("since", &options_.since, &run_options_.since),
        std::tuple("until", &options_.until, &run_options_.until)}) {
    if (text->empty()) continue;
    Result<std::int64_t> time = parse_time(*text, now, output_.style.zone);
    if (!time) {
      time.error().message = fmt::format("cannot read '{}' as a time (--{})", *text, flag);
      return Unexpected(std::move(time.error()));
    }
    *target = *time;
  }
  if (run_options_.since && run_options_.until && *run_options_.since >= *run_options_.until) {
    return Unexpected(
        usage_error(fmt::format("--since {} is not before --until {}: no record could match",
                                format_iso8601(*run_options_.since, output_.style.zone),
                                format_iso8601(*run_options_.until, output_.style.zone)),
                    "the earlier time belongs to --since"));
  }
  for (const auto& [name, text] :
       {std::pair("limit", &options_.limit), std::pair("threads", &options_.threads)}) {
    if (text->empty()) continue;
    Result<std::uint64_t> count = parse_count(name, *text);
    if (!count) return Unexpected(std::move(count.error()));
    if (text == &options_.limit) limit_ = *count;
    if (text == &options_.threads) {
      if (*count == 0) return Unexpected(usage_error("--threads needs a number above 0"));
      run_options_.threads = static_cast<std::size_t>(std::min(*count, kMostThreads));
    }
  }
  return parse_format(options_.format, run_options_.decode);
}

Result<void> Reading::open_files(bool in_sql) {
  if (in_sql && output_.is_parquet) {
    if (auto apart = keep_apart(output_, inputs_); !apart) return apart;
    output_.sink = std::make_unique<StringSink>();
  } else if (Result<void> opened = open_output(output_, inputs_); !opened) {
    return opened;
  }
  if (!output_.file.empty() && !in_sql) {
    output_.sink = std::make_unique<WholeAnswerSink>(std::move(output_.sink), report_);
  }
  if (output_.is_parquet && !in_sql) {
    output_.sink = make_phase_sink(std::move(output_.sink), progress(), "writing Parquet");
  }
  return open_rejects();
}

Result<void> Reading::open_rejects() {
  if (options_.rejects.empty()) return {};
  auto sink = open_text_sink(options_.rejects, OutputKind::ndjson, output_.style);
  if (!sink) return Unexpected(std::move(sink.error()));
  rejects_ = *std::move(sink);
  run_options_.decode.on_reject = [this](const std::string& object, const Reject& reject) {
    // A reject file that cannot be written shows at its end.
    (void)rejects_->write(reject_line(object, reject)).has_value();
  };
  return {};
}

std::uint64_t Reading::limit(std::uint64_t usual) const {
  if (!limit_) return usual;
  return *limit_ == 0 ? ~std::uint64_t{0} : *limit_;
}

void Reading::count_flows_only(const std::vector<std::string>& fields) {
  const std::string_view status = field_info(FieldId::log_status).name;
  const FormatField field{.id = FieldId::log_status, .name = std::string(status)};
  const bool is_asked_for = std::find(fields.begin(), fields.end(), status) != fields.end() ||
                            (run_options_.filter && run_options_.filter->fields().contains(field));
  run_options_.only_traffic = !options_.count && !is_asked_for;
}

const RunReport& Reading::run(BatchSink& sink) {
  // Every column is looked at when each bad line is to be kept or fatal.
  if (options_.strict || rejects_ != nullptr) need_all();
  start();
  progress_->progress().begin("reading", ProgressUnit::bytes, total_bytes(inputs_), "finishing");
  report_ = weir::run(inputs_, run_options_, sink);
  return report_;
}

void Reading::start() {
  started_ = Progress::Clock::now();
  run_options_.progress = &progress_->progress();
}

Result<void> Reading::spool_input() {
  if (!source::expect_spooled(inputs_)) return {};
  return source::spool_standard_input(options_.temp_dir);
}

Result<void> Reading::run_again(BatchSink& sink) {
  RunOptions options = run_options_;
  options.decode.on_reject = nullptr;  // they have been written
  progress_->progress().begin("reading again", ProgressUnit::bytes, total_bytes(inputs_));
  const RunReport again = weir::run(inputs_, options, sink);
  return again.fatal ? Result<void>(Unexpected(*again.fatal)) : Result<void>();
}

std::optional<Error> Reading::unanswerable(const std::vector<std::string>& needed) const {
  if (report_.formats.empty()) return std::nullopt;
  std::vector<std::string> absent;
  if (report_.filter_cannot_match) absent = report_.absent_fields;
  for (const std::string& field : needed) {
    if (!has_field(field)) absent.push_back(field);
  }
  if (absent.empty()) return std::nullopt;
  const FieldId id = find_field(absent.front());
  std::vector<std::string> labels;
  for (const FormatPtr& format : report_.formats) labels.push_back(format->label());
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return Error{.code = ErrorCode::usage,
               .message = fmt::format(
                   "no input has the field {}{}; the formats here: {}", absent.front(),
                   id == FieldId::unknown
                       ? ""
                       : fmt::format(", which version {} introduced", field_info(id).version),
                   fmt::join(labels, "; ")),
               .hint = "`weir check INPUT` shows the fields of every input"};
}

void Reading::warn_about_skipped() const {
  for (const Error& error : input_errors_) print_error(error);
  for (std::size_t i = 0; i < report_.failures.size() && i < kShownFailures; ++i) {
    print_error(report_.failures[i]);
  }
  // Among flow logs they are counted; alone, each says what it is.
  for (std::size_t i = 0; only_other_logs() && i < report_.other_logs.size(); ++i) {
    if (i < kShownFailures) print_error(report_.other_logs[i].error);
  }
  if (report_.failures.size() > kShownFailures) {
    const std::uint64_t more = report_.failures.size() - kShownFailures + report_.more_failures;
    print_message(fmt::format(
        "and {} more files that could not be read; `weir check -o ndjson` lists {}",
        with_thousands(more),
        report_.more_failures > 0 ? fmt::format("the first {}", with_thousands(kMostFailures))
                                  : "them all"));
  }
  if (options_.quiet) return;
  for (std::size_t i = 0; i < report_.changed_files.size() && i < kShownFailures; ++i) {
    const Error& warning = report_.changed_files[i];
    print_warning(fmt::format("{}: {}", warning.where, warning.message));
  }
  if (report_.changed_files.size() > kShownFailures) {
    print_warning(fmt::format("and {} more files that changed while they were read",
                              with_thousands(report_.changed_files.size() - kShownFailures)));
  }
  for (std::size_t i = 0; i < report_.rejects.size(); ++i) {
    const Reject& reject = report_.rejects[i];
    print_warning(fmt::format("{}:{}{}: {}", report_.reject_objects[i], reject.line,
                              reject.column > 0 ? fmt::format(":{}", reject.column) : "",
                              reject.detail));
  }
  if (report_.rejected > report_.rejects.size()) {
    print_warning(fmt::format("and {} more; --rejects FILE keeps them all",
                              with_thousands(report_.rejected - report_.rejects.size())));
  }
  if (report_.repeated_names > 0) {
    print_warning(fmt::format("{} a name twice; the first value counts",
                              report_.repeated_names == 1
                                  ? "1 JSON object has"
                                  : with_thousands(report_.repeated_names) + " JSON objects have"));
  }
  if (!report_.filter_cannot_match) {
    for (const std::string& field : report_.absent_fields) {
      print_warning(fmt::format("no input has the field {}: it is empty in every record", field));
    }
  }
}

bool Reading::only_other_logs() const {
  return report_.objects == 0 && report_.records == 0 && !report_.other_logs.empty();
}

void Reading::count_other_logs() const {
  if (report_.other_logs.empty()) return;
  std::map<std::string_view, std::uint64_t> objects;
  for (const OtherLog& other : report_.other_logs) objects[other.error.service] += other.objects;
  std::vector<std::string> counts;
  counts.reserve(objects.size());
  for (const auto& [service, count] : objects) {
    counts.push_back(fmt::format("{} {}", with_thousands(count), service));
  }
  print_message(fmt::format("logs of other services left out: {}", fmt::join(counts, ", ")));
}

bool Reading::no_answer() const {
  if (only_other_logs()) return true;
  return report_.records == 0 && !(report_.failures.empty() && input_errors_.empty());
}

bool Reading::has_field(std::string_view name) const {
  return report_.formats.empty() ||
         std::any_of(report_.formats.begin(), report_.formats.end(),
                     [name](const FormatPtr& format) { return format->index_of(name) >= 0; });
}

int Reading::finish(const Result<void>& ended, bool has_read) {
  const std::chrono::duration<double> seconds = Progress::Clock::now() - started_;
  progress_.reset();
  Result<void> kept;
  if (rejects_ != nullptr) kept = rejects_->finish();
  const bool closed_pipe = output_.sink->is_closed_pipe();
  if (report_.fatal && !closed_pipe) return fail(*report_.fatal);
  warn_about_skipped();
  if (!ended && !closed_pipe) return fail(ended.error());
  if (!kept) return fail(kept.error());
  if (no_answer()) return kNoAnswer;
  if (!options_.quiet && !closed_pipe && has_read) {
    count_other_logs();
    if (report_.members_left_out > 0) {
      print_message(fmt::format(
          "left out of archives: {} with hidden names (.name) or metadata of macOS (._name, "
          "__MACOSX)",
          base::counted(report_.members_left_out, "file")));
    }
    print_message(fmt::format(
        "{}, {}, {} skipped, {:.2f} s", base::counted(report_.records, "record"),
        human_bytes(report_.unpacked_bytes), with_thousands(report_.rejected), seconds.count()));
  }
  const bool failures = !report_.failures.empty() || !input_errors_.empty();
  return failures || report_.rejected > 0 ? kPartial : kComplete;
}

}  // namespace weir::cli
