// SPDX-License-Identifier: Apache-2.0
// suggest: the steps of a suggestion: which interfaces share a proposal, and the rules of it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "suggest/evidence.hpp"
#include "suggest/references.hpp"
#include "weir/suggest.hpp"

namespace weir::suggest {

inline constexpr std::uint32_t kNoSubject = ~std::uint32_t{0};

struct Subjects {
  /// Everything but what comes of the traffic.
  std::vector<Suggestion> proposals;
  /// By the place of an interface among the observed ones: its proposal, or kNoSubject.
  std::vector<std::uint32_t> of_interface;
  std::vector<Ungrouped> ungrouped;
};

/// Errors: as Suggester::finish().
Result<Subjects> choose_subjects(const SuggestOptions& options,
                                 std::span<const ObservedInterface> interfaces);

/// Adds the rules of one direction to a proposal, with their counts and the public ports. `ports`
/// are all of the proposal and the direction, sorted by key; peers are taken out of them. `finder`
/// is null without a configuration.
void suggest_rules(std::span<PortTraffic> ports, const SuggestOptions& options,
                   const ReferenceFinder* finder, Suggestion& proposal);

}  // namespace weir::suggest
