// SPDX-License-Identifier: Apache-2.0
// cli: what a reader of suggested rules must know.
#pragma once

#include <string>
#include <vector>

#include "weir/suggest.hpp"
#include "weir/time.hpp"

namespace weir::cli {

/// `sg-… on 2 interfaces`, `eni-…`: what a proposal is for.
std::string proposal_title(const Suggestion& proposal);

/// What is odd about a rule: `2 of 5 members not seen`, `never answered`; empty if nothing is.
std::string rule_remark(const SuggestedRule& rule);

/// What the proposal rests on, what it leaves out, and where it asks for a decision.
std::vector<std::string> proposal_notes(const Suggestion& proposal, const TimeZone& zone);

/// Why AWS would refuse a proposal, of the first that has too many rules; empty if none has.
std::string over_limit(const Suggestions& suggestions);

/// All notes as lines that begin with #, for files that others run or keep: a proposal without what
/// it rests on would be taken for more than it is.
std::string notes_as_comments(const Suggestions& suggestions, const TimeZone& zone);

/// What holds for all proposals.
std::vector<std::string> common_notes(const Suggestions& suggestions);

}  // namespace weir::cli
