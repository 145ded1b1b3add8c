// SPDX-License-Identifier: Apache-2.0
// cli: `weir synth`: invented flow logs.
#include "weir/synth.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>

#include "base/number_words.hpp"
#include "base/protocol.hpp"
#include "cli/commands.hpp"
#include "cli/progress_line.hpp"
#include "cli/reading.hpp"
#include "cli/verbs.hpp"
#include "weir/time.hpp"

namespace weir::cli {
namespace {

/// Objects of a directory unless told otherwise: one an hour.
constexpr std::uint64_t kObjects = 24;
constexpr std::uint64_t kMostObjects = 1'000'000;

Result<std::uint64_t> parse_number_flag(std::string_view flag, std::string_view text,
                                        std::uint64_t least, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure == std::errc{} && end == text.data() + text.size() && value >= least &&
      value <= most) {
    return value;
  }
  if (most == std::numeric_limits<std::uint64_t>::max()) {
    return Unexpected(usage_error(
        fmt::format("--{} needs a number{}, not '{}'", flag, least > 0 ? " above 0" : "", text)));
  }
  return Unexpected(usage_error(
      fmt::format("--{} needs a number from {} to {}, not '{}'", flag, least, most, text)));
}

/// Midnight of `2025-12-01`.
Result<std::int64_t> parse_day(const std::string& text) {
  const std::optional<std::int64_t> time = parse_iso8601(text);
  if (time && text.size() == 10 && *time >= 0) return *time - *time % base::kSecondsOfDay;
  return Unexpected(
      usage_error(fmt::format("cannot read '{}' as a date (--day)", text), "--day 2025-12-01"));
}

bool is_directory(const std::string& name) {
  struct stat status {};
  return name.ends_with('/') || (stat(name.c_str(), &status) == 0 && S_ISDIR(status.st_mode));
}

Result<SynthOptions> parse_options(const Options& options, bool to_directory) {
  constexpr std::uint64_t any = std::numeric_limits<std::uint64_t>::max();
  SynthOptions chosen;
  if (!options.size.empty() && !options.records.empty()) {
    return Unexpected(
        usage_error("--size and --records cannot be combined", "leave one of them out"));
  }
  if (!to_directory && (!options.objects.empty() || options.plain)) {
    return Unexpected(usage_error(
        fmt::format("--{} needs a directory as output", options.plain ? "plain" : "objects"),
        "-o flow-logs/"));
  }
  if (!options.seed.empty()) {
    const auto seed = parse_number_flag("seed", options.seed, 0, any);
    if (!seed) return Unexpected(seed.error());
    chosen.seed = *seed;
  }
  if (!options.size.empty()) {
    const auto bytes = parse_size("size", options.size);
    if (!bytes) return Unexpected(bytes.error());
    chosen.bytes = *bytes;
  }
  if (!options.records.empty()) {
    const auto records = parse_number_flag("records", options.records, 1, any);
    if (!records) return Unexpected(records.error());
    chosen.records = *records;
  }
  if (to_directory) {
    const auto objects = parse_number_flag(
        "objects", options.objects.empty() ? fmt::format("{}", kObjects) : options.objects, 1,
        kMostObjects);
    if (!objects) return Unexpected(objects.error());
    chosen.objects = *objects;
  }
  if (!options.fields.empty()) {
    Result<Format> format = parse_synth_format(options.fields);
    if (!format) return Unexpected(std::move(format.error()));
    chosen.format = *std::move(format);
  }
  if (!options.interfaces.empty()) {
    const auto interfaces =
        parse_number_flag("interfaces", options.interfaces, SynthOptions::kLeastInterfaces,
                          SynthOptions::kMostInterfaces);
    if (!interfaces) return Unexpected(interfaces.error());
    chosen.interfaces = static_cast<std::uint32_t>(*interfaces);
  }
  chosen.obey_rules = !options.config_directory.empty();
  if (!options.day.empty()) {
    const auto day = parse_day(options.day);
    if (!day) return Unexpected(day.error());
    chosen.day = *day;
  }
  return chosen;
}

int write_configuration(const Synthesizer& synthesizer, const Options& options) {
  const Result<SynthConfigurationReport> report =
      synthesizer.write_configuration(options.config_directory);
  if (!report) return fail(report.error());
  if (!options.quiet) {
    print_message(fmt::format("{}, {}, {} in {}", base::counted(report->interfaces, "interface"),
                              base::counted(report->groups, "security group"),
                              base::counted(report->acls, "network ACL"),
                              base::counted(report->files, "file")));
  }
  return kComplete;
}

int synthesize(const Synthesizer& synthesizer, const Options& options, bool to_directory,
               ProgressLine& line) {
  const auto started = std::chrono::steady_clock::now();
  Result<SynthReport> report = SynthReport{};
  if (to_directory) {
    report =
        synthesizer.write_directory(options.output, options.plain ? Packing::none : Packing::gzip);
    if (!report) return fail(report.error());
  } else {
    auto sink = open_text_sink(options.output, OutputKind::flowlog, {});
    if (!sink) return fail(sink.error());
    report = synthesizer.write(0, **sink);
    Result<void> ended = report ? (*sink)->finish() : Result<void>(Unexpected(report.error()));
    if ((*sink)->is_closed_pipe()) return kComplete;
    if (!ended) return fail(ended.error());
  }
  line.progress().end();
  if (!options.quiet) {
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
    print_message(fmt::format(
        "{}, {}{}, {:.2f} s", base::counted(report->records, "record"), human_bytes(report->bytes),
        to_directory ? fmt::format(", {}", base::counted(report->objects, "object")) : "",
        seconds.count()));
  }
  return kComplete;
}

}  // namespace

int run_synth(const Options& options) {
  if (!options.arguments.empty()) {
    return fail(usage_error(
        fmt::format("weir synth takes no INPUT, but was given '{}'", options.arguments.front()),
        "-o FILE names the output"));
  }
  const bool to_standard_output = options.output.empty() || options.output == "-";
  const bool to_directory =
      !to_standard_output && (!options.objects.empty() || is_directory(options.output));
  Result<SynthOptions> chosen = parse_options(options, to_directory);
  if (!chosen) return fail(chosen.error());
  ProgressLine line(options.progress);
  chosen->progress = &line.progress();
  const Result<Synthesizer> synthesizer = Synthesizer::create(*chosen);
  if (!synthesizer) return fail(synthesizer.error());
  if (!options.config_directory.empty()) {
    const int status = write_configuration(*synthesizer, options);
    if (status != kComplete) return status;
  }
  line.progress().begin("writing", chosen->bytes > 0 ? ProgressUnit::bytes : ProgressUnit::records,
                        chosen->bytes > 0 ? chosen->bytes : chosen->records);
  return synthesize(*synthesizer, options, to_directory, line);
}

}  // namespace weir::cli
