// SPDX-License-Identifier: Apache-2.0
// verdict: what the log alone says of a record.
#pragma once

#include "verdict/history.hpp"
#include "weir/verdict.hpp"

namespace weir::verdict {

/// Judges a record without configuration; `interface` is where its idle times are configured, or
/// null.
Verdict judge_from_log(const FlowRecord& record, const History& history,
                       const ObservedInterface& observed, const NetworkInterface* interface,
                       const JudgeOptions& options);

/// Adds what else was accepted at the interface, for a record whose cause is not known.
void add_evidence(Verdict& verdict, const FlowRecord& record, const History& history,
                  const JudgeOptions& options);

}  // namespace weir::verdict
