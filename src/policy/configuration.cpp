// SPDX-License-Identifier: Apache-2.0
// policy: files that `aws ec2 describe-…` printed -> a network, and what is to be said of them.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "policy/answer_kind.hpp"
#include "policy/answer_reader.hpp"
#include "policy/missing.hpp"
#include "weir/policy.hpp"
#include "weir/source.hpp"

namespace weir {
namespace {

/// The interfaces of a hundred thousand instances take about as much.
constexpr std::size_t kMaxFileBytes = std::size_t{256} << 20;

Result<std::string> read_file(const Input& input) {
  Result<std::optional<std::string>> bytes = read_whole(input, kMaxFileBytes);
  if (!bytes) return Unexpected(std::move(bytes.error()));
  if (*bytes) return **std::move(bytes);
  return Unexpected({.code = ErrorCode::unsupported,
                     .message = fmt::format("the file is larger than {} MiB, which no "
                                            "configuration is",
                                            kMaxFileBytes >> 20),
                     .where = input.name,
                     .hint = "print it in pages, --max-items 10000, each to a file of its own"});
}

Error nothing_read(std::span<const std::string> paths, const ConfigurationReport& report,
                   bool has_files) {
  Error error;
  error.code = ErrorCode::usage;
  error.message = "no file here holds a configuration that `aws ec2` printed";
  error.where = paths.empty() ? std::string() : paths.front();
  error.hint = std::string(policy::expected_answers());
  if (has_files && report.skipped.empty()) {
    // Everything was recognised, and nothing of it says what is allowed.
    error.message = "what AWS printed here is recognised, but is nothing that weir needs";
    if (!report.notes.empty()) error.message += fmt::format(" ({})", report.notes.back());
  }
  if (!report.skipped.empty()) {
    const Error& first = report.skipped.front();
    error.message += fmt::format("; {}{}{}", first.where == error.where ? "" : first.where,
                                 first.where == error.where ? "" : ": ", first.message);
    error.excerpt = first.excerpt;
  }
  return error;
}

}  // namespace

Result<Configuration> load_configuration(std::span<const std::string> paths, Progress* progress) {
  InputList inputs = expand_inputs(paths);
  const auto is_named = [paths](const std::string& name) {
    return std::find(paths.begin(), paths.end(), name) != paths.end();
  };
  Configuration configuration;
  for (Error& error : inputs.errors) {
    if (is_named(error.where)) return Unexpected(std::move(error));
    configuration.report.skipped.push_back(std::move(error));
  }
  Progress unseen;
  if (progress == nullptr) progress = &unseen;
  progress->begin("reading the configuration", ProgressUnit::steps, inputs.inputs.size());
  policy::AnswerReader reader(configuration.network, configuration.report);
  for (const Input& input : inputs.inputs) {
    const std::string& name = input.name;
    Result<std::string> bytes = read_file(input);
    if (bytes) {
      reader.read(name, *std::move(bytes));
    } else if (is_named(name)) {
      return Unexpected(std::move(bytes.error()));
    } else {
      configuration.report.skipped.push_back(std::move(bytes.error()));
    }
    progress->advance(1);
  }
  reader.finish();
  if (configuration.report.read.empty()) {
    return Unexpected(nothing_read(paths, configuration.report, !inputs.inputs.empty()));
  }
  configuration.network.index();
  policy::find_missing(configuration.network, configuration.report);
  return configuration;
}

void read_configuration(std::string_view name, std::string_view json, Network& network,
                        ConfigurationReport& report) {
  policy::AnswerReader reader(network, report);
  reader.read(name, std::string(json));
  reader.finish();
}

}  // namespace weir
