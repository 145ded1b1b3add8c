// SPDX-License-Identifier: Apache-2.0
// cli: before and after a reading verb's own work.
#include "cli/reading.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
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

constexpr std::string_view kParquet = "parquet";

Result<std::uint64_t> parse_count(std::string_view flag, std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure == std::errc{} && end == text.data() + text.size()) return value;
  return Unexpected(usage_error(fmt::format("--{} needs a number, not '{}'", flag, text)));
}

std::int64_t unix_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool same_file(const std::string& a, const std::string& b) {
  struct stat left {};
  struct stat right {};
  return stat(a.c_str(), &left) == 0 && stat(b.c_str(), &right) == 0 &&
         left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

/// Errors: usage, if a file among the inputs is the output.
Result<void> keep_apart(const Output& output, const std::vector<Input>& inputs) {
  for (const Input& input : inputs) {
    const std::optional<std::string> path = input.path();
    if (output.file.empty() || !path || !same_file(*path, output.file)) continue;
    return Unexpected(
        usage_error(fmt::format("{} is an input and cannot be the output too", output.file),
                    "give -o another file"));
  }
  return {};
}

/// A file's whole text, or nothing if it is no readable file.
std::optional<std::string> read_small_file(const std::string& name) {
  constexpr std::size_t kLargest = std::size_t{64} << 20;
  struct stat status {};
  if (stat(name.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  Result<std::optional<std::string>> text = read_whole({name, InputKind::file}, kLargest);
  return text ? *std::move(text) : std::nullopt;
}

bool names_terminal(const std::string& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0 || !S_ISCHR(status.st_mode)) return false;
  const int descriptor = open(file.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool is_terminal = isatty(descriptor) == 1;
  close(descriptor);
  return is_terminal;
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

/// Factor of `M` or `MB` (thousands), `Mi` or `MiB`; 0 for anything else.
std::uint64_t unit_bytes(std::string_view unit) {
  constexpr std::string_view kUnits = "KMGT";
  if (!unit.empty() && unit.back() == 'B') unit.remove_suffix(1);
  if (unit.empty()) return 1;
  const std::size_t power = kUnits.find(unit.front());
  const bool binary = unit.substr(1) == "i";
  if (power == std::string_view::npos || (unit.size() > 1 && !binary)) return 0;
  std::uint64_t bytes = 1;
  for (std::size_t i = 0; i <= power; ++i) bytes *= binary ? 1024 : 1000;
  return bytes;
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

Result<std::unique_ptr<ByteSink>> open_text_sink(const std::string& file, OutputKind kind,
                                                 const Style& style) {
  auto sink = open_sink(file, packing_of(file));
  if (!sink) return sink;
  const bool is_standard_output = file.empty() || file == "-";
  // /dev/tty and /dev/stdout are terminals under another name.
  const bool is_terminal = is_standard_output ? stdout_is_terminal() : names_terminal(file);
  if (!is_terminal && !is_standard_output) return sink;
  if (!is_terminal) return make_pipe_sink(*std::move(sink));
  return make_terminal_sink(*std::move(sink), {.unicode = shows_unicode(),
                                               .colors = kind == OutputKind::table && style.color,
                                               .tabs = kind == OutputKind::tsv});
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

Result<void> parse_format(const std::string& flag, DecodeOptions& decode) {
  if (flag.empty()) return {};
  std::string text = flag;
  std::string name = "--format";
  if (std::optional<std::string> content = read_small_file(flag)) {
    name = flag;
    text = *std::move(content);
  }
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && text[first] == '{') {
    auto described = parse_describe_flow_logs(text, name);
    if (!described) return Unexpected(std::move(described.error()));
    decode.described = *std::move(described);
    return {};
  }
  Result<Format> format = Format::parse_log_format(text);
  if (!format) return Unexpected(std::move(format.error()));
  decode.format = std::make_shared<Format>(*std::move(format));
  return {};
}

bool asks_for_parquet(const Options& options) {
  return options.output == kParquet || options.output.starts_with(fmt::format("{}:", kParquet));
}

Result<Filter> parse_where(const std::vector<std::string>& expressions, std::span<const Cidr> own) {
  std::vector<Filter> filters;
  for (const std::string& expression : expressions) {
    Result<Filter> filter = Filter::parse(expression, own);
    if (!filter) return filter;
    filters.push_back(*std::move(filter));
  }
  return Filter::all_of(filters);
}

std::optional<std::string> coverage_words(const FieldCoverage& coverage) {
  const RecordShare& lacking = coverage.lacking;
  if (lacking.records == 0) return std::nullopt;
  const unsigned __int128 bytes = coverage.covered.bytes + lacking.bytes;
  const bool has_bytes = bytes > 0;
  const double share =
      has_bytes ? static_cast<double>(coverage.covered.bytes) / static_cast<double>(bytes)
                : static_cast<double>(coverage.covered.records) /
                      static_cast<double>(coverage.covered.records + lacking.records);
  std::vector<std::string_view> names;
  for (const FieldId id : coverage.fields) names.push_back(field_info(id).name);
  const std::string sums =
      has_bytes ? fmt::format(" with {} packets and {}", with_thousands(lacking.packets),
                              human_bytes(lacking.bytes))
                : std::string();
  return fmt::format("covers {} of the {}: {}{} lack{} {}", base::share_text(share),
                     has_bytes ? "bytes" : "records", base::counted(lacking.records, "record"),
                     sums, lacking.records == 1 ? "s" : "", fmt::join(names, ", "));
}

Result<Output> choose_output(const Options& options) {
  Output output;
  Result<Style> style = make_style(options.color, options.tz);
  if (!style) return Unexpected(std::move(style.error()));
  output.style = *style;
  output.kind = stdout_is_terminal() ? OutputKind::table : OutputKind::tsv;
  if (options.output.empty()) return output;
  const std::size_t colon = std::min(options.output.find(':'), options.output.size());
  const std::string kind = options.output.substr(0, colon);
  if (colon < options.output.size()) output.file = options.output.substr(colon + 1);
  // Opened by its name, standard output would be cut to nothing where it is a file.
  if (output.file == "-" || output.file == "/dev/stdout") output.file.clear();
  if (kind == kParquet) {
    if (output.file.empty()) {
      return Unexpected(usage_error("Parquet needs a file: -o parquet:flows.parquet"));
    }
    output.is_parquet = true;
    output.style.is_zoned = false;  // its times have a type of their own
    output.kind = OutputKind::ndjson;
    return output;
  }
  // flags.cpp lists the kinds, and the command line lets no other through.
  output.kind = find_output_kind(kind).value_or(OutputKind::table);
  // A file is no terminal: nobody wants its escape sequences or its width.
  if (!output.file.empty()) output.style.color = options.color == "always";
  return output;
}

Result<void> open_output(Output& output, const std::vector<Input>& inputs) {
  if (auto apart = keep_apart(output, inputs); !apart) return apart;
  auto sink = output.is_parquet ? open_parquet_sink(output.file)
                                : open_text_sink(output.file, output.kind, output.style);
  if (!sink) return Unexpected(std::move(sink.error()));
  output.sink = *std::move(sink);
  return {};
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
  for (const OtherLog& other : report_.other_logs) objects[other.service] += other.objects;
  std::vector<std::string> counts;
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

Result<std::uint64_t> parse_size(std::string_view flag, std::string_view text) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 60;
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, count);
  const std::uint64_t unit = unit_bytes({rest, static_cast<std::size_t>(end - rest)});
  if (failure == std::errc{} && count > 0 && unit > 0 && count <= kMost / unit) return count * unit;
  return Unexpected(
      usage_error(fmt::format("cannot read '{}' as a size (--{})", text, flag),
                  fmt::format("use whole numbers of bytes, K, M or G (thousands), KiB, MiB or GiB: "
                              "--{} 64MiB",
                              flag)));
}

}  // namespace weir::cli
