// SPDX-License-Identifier: Apache-2.0
// cli: what every reading verb does before and after its own work: inputs, filter, output, summary,
// exit status.
#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/flag_values.hpp"
#include "cli/interrupt.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/progress_line.hpp"
#include "cli/terminal.hpp"
#include "weir/pipeline.hpp"
#include "weir/render.hpp"

namespace weir::cli {

/// Packed bytes of objects that are files, 0 if any is not.
std::uint64_t total_bytes(const std::vector<Input>& inputs);

/// `covers 0.1 % of the bytes: 600 records with 12,345 packets and 136.0 MiB lack traffic-path`, or
/// nothing if every record that matched could take part.
std::optional<std::string> coverage_words(const FieldCoverage& coverage);

/// A reading verb at work.
class Reading {
 public:
  /// `inputs` are INPUT words.
  /// `own` are the blocks of the networks that --config describes: private to the filter.
  /// Errors: usage, and not_found when no word names anything.
  static Result<std::unique_ptr<Reading>> prepare(const Options& options,
                                                  std::vector<std::string> inputs,
                                                  std::vector<Cidr> own = {});
  /// The same for what is done in SQL: no words are no inputs, and a Parquet file is written by
  /// write_parquet(), so that the output's sink takes nothing.
  static Result<std::unique_ptr<Reading>> prepare_for_sql(const Options& options,
                                                          std::vector<std::string> inputs);
  ~Reading();

  Output& output() { return output_; }
  const std::vector<Input>& inputs() const { return inputs_; }
  const RunOptions& run_options() const { return run_options_; }
  /// -n, or `usual` when it was not given; 0 was given means all.
  std::uint64_t limit(std::uint64_t usual) const;

  bool quiet() const { return options_.quiet; }

  /// Fields that the verb needs besides the filter's.
  void need(const FieldSet& fields) { run_options_.decode.fields.add(fields); }
  /// The answer says how many records AWS has dropped.
  void count_skipdata() { run_options_.count_skipdata = true; }
  /// The answer counts flows: records that stand for a window are left out, unless `fields`, or the
  /// filter, name log-status or --count was given.
  void count_flows_only(const std::vector<std::string>& fields);
  /// Records whose format lacks one of these (of each list all) cannot take part in the answer,
  /// which then says so.
  /// Without `counts_covered` the verb sums up what does take part.
  void need_each(std::vector<std::vector<FieldId>> needs, bool counts_covered) {
    run_options_.needs = std::move(needs);
    run_options_.count_covered = counts_covered;
  }
  /// Bad lines are wanted, also among records that the filter drops.
  void look_at_all() { run_options_.look_at_all = true; }
  /// Records that the filter drops are evidence for those that match.
  void hand_on_all() { run_options_.hand_on_all = true; }
  void need_all() { run_options_.decode.fields = FieldSet::all(); }

  /// What the verb is at, for whoever goes on after the reading.
  Progress& progress() { return progress_->progress(); }

  const RunReport& run(BatchSink& sink);
  /// For verbs that read the inputs on their own, as run_options() say: starts the clock, and takes
  /// what the reading has found out.
  void start();
  void take_report(RunReport report) { report_ = std::move(report); }
  const RunReport& report() const { return report_; }
  /// Makes it possible to read standard input twice, if it is an input. Errors: unreadable.
  Result<void> spool_input();
  /// Reads everything once more, for an answer in the order of the input. What is reported at the
  /// end is what run() met.
  /// Errors: what the sink reports; strict.
  Result<void> run_again(BatchSink& sink);
  /// The error of a question that no input can answer, if this is one: a field of the filter or of
  /// `needed` (names with hyphens) that no format has.
  std::optional<Error> unanswerable(const std::vector<std::string>& needed) const;
  /// True if some input has the field, or there is nothing to tell it from.
  bool has_field(std::string_view name) const;
  /// True if inputs failed and no record was read: then nothing should be printed as an answer.
  bool no_answer() const;
  /// Whether all that could be read is logs of other services.
  bool only_other_logs() const;
  /// One line that names them, and how many there are of each.
  void count_other_logs() const;
  /// Prints warnings and the summary, and returns the exit status. `ended` is how writing ended.
  /// Without having read anything there is nothing to sum up.
  int finish(const Result<void>& ended, bool has_read = true);

 private:
  explicit Reading(const Options& options) : options_(options) {}
  static Result<std::unique_ptr<Reading>> prepare(const Options& options,
                                                  std::vector<std::string> inputs,
                                                  std::vector<Cidr> own, bool in_sql);
  Result<void> parse_flags();
  Result<void> open_files(bool in_sql);
  Result<void> open_rejects();
  void warn_about_skipped() const;

  const Options& options_;
  std::vector<Cidr> own_;
  Output output_;
  std::vector<Input> inputs_;
  RunOptions run_options_;
  RunReport report_;
  std::vector<Error> input_errors_;
  std::optional<std::uint64_t> limit_;
  std::unique_ptr<ByteSink> rejects_;
  Progress::Clock::time_point started_;
  std::unique_ptr<InterruptWatch> watch_;  // SQL has its own
  std::unique_ptr<ProgressLine> progress_;
};

/// Prints an error and returns the status of no answer.
int fail(const Error& error);

/// Prints help to standard output; true if there is no INPUT and standard input is a terminal.
bool nothing_to_read(const std::vector<std::string>& inputs, std::string_view verb);

}  // namespace weir::cli
