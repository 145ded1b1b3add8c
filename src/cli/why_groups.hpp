// SPDX-License-Identifier: Apache-2.0
// cli: `weir why`, verdicts that are told together.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/reading.hpp"
#include "weir/verdict.hpp"

namespace weir::cli {

/// The groups of a run, and what their numbers mean.
struct GroupedVerdicts {
  std::vector<VerdictGroup> rows;  ///< most flows first
  VerdictGroupLevel level = VerdictGroupLevel::all;
  const Network* network = nullptr;  ///< null without --config
  std::span<const ObservedInterface> interfaces;
};

/// `network-acl, certain`; `Cause unclear` where nothing is known for sure.
std::string cause_words(const Verdict& verdict);

/// Writes one paragraph per answer, each with its first `limit` groups: rejects first. What is left
/// out is noted. `verbose`: with the facts behind it.
Result<void> write_answers(const GroupedVerdicts& grouped, std::uint64_t limit, bool verbose,
                           const std::vector<std::string>& notes, const Output& output);

/// Writes one row per group, for programs.
Result<void> write_groups(const GroupedVerdicts& grouped, std::uint64_t limit,
                          const Output& output);

}  // namespace weir::cli
