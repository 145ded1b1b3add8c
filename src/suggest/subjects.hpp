// SPDX-License-Identifier: Apache-2.0
// suggest: which interfaces share a proposal.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

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

}  // namespace weir::suggest
