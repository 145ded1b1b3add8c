// SPDX-License-Identifier: Apache-2.0
// suggest: the network as it would be with the proposed rules.
#pragma once

#include <string>
#include <vector>

#include "weir/suggest.hpp"

namespace weir::suggest {

/// What adopting proposals changes, besides the network that comes of it.
struct Adoption {
  Network network;                      ///< indexed
  std::vector<std::string> groups;      ///< new and changed, sorted
  std::vector<std::string> interfaces;  ///< that carry other groups than before, sorted
};

Adoption adopt_with_changes(const Network* now, const Suggestions& suggestions);

/// The group that a proposal is for, `sg-suggested-N` if it is a new one.
std::string proposed_group_id(const Suggestions& suggestions, std::size_t proposal);

}  // namespace weir::suggest
