// SPDX-License-Identifier: Apache-2.0
// cli: --config: what `aws ec2 describe-…` printed.
#include "cli/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/reading.hpp"
#include "cli/terminal.hpp"

namespace weir::cli {
namespace {

constexpr std::size_t kShownSkipped = 5;

}  // namespace

Result<Configuration> read_configuration_flag(const Options& options) {
  if (options.config.empty()) {
    return Unexpected(
        usage_error("--config is missing",
                    "--config DIR with what `aws ec2 describe-security-groups` and the like "
                    "printed"));
  }
  Result<Configuration> configuration = load_configuration(options.config);
  if (!configuration || options.quiet) return configuration;
  const ConfigurationReport& report = configuration->report;
  const std::size_t shown = std::min(report.skipped.size(), kShownSkipped);
  for (std::size_t i = 0; i < shown; ++i) {
    print_warning(fmt::format("{}: {}", report.skipped[i].where, report.skipped[i].message));
  }
  const std::size_t hidden = report.skipped.size() - shown;
  if (hidden > 0 || !report.missing.empty()) {
    print_message(fmt::format("the configuration {}{}{}; `weir check --config` says more",
                              hidden > 0 ? fmt::format("has {} more skipped parts", hidden) : "",
                              hidden > 0 && !report.missing.empty() ? " and " : "",
                              report.missing.empty() ? "" : "is incomplete"));
  }
  return configuration;
}

}  // namespace weir::cli
