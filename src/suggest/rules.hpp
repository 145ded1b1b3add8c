// SPDX-License-Identifier: Apache-2.0
// suggest: ports and peers -> rules.
#pragma once

#include <span>

#include "suggest/evidence.hpp"
#include "suggest/references.hpp"
#include "weir/suggest.hpp"

namespace weir::suggest {

/// Adds the rules of one direction to a proposal, with their counts and the public ports. `ports`
/// are all of the proposal and the direction, sorted by key; peers are taken out of them. `finder`
/// is null without a configuration.
void suggest_rules(std::span<PortTraffic> ports, const SuggestOptions& options,
                   const ReferenceFinder* finder, Suggestion& proposal);

}  // namespace weir::suggest
