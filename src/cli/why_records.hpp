// SPDX-License-Identifier: Apache-2.0
// cli: `weir why`, every record with its verdict.
#pragma once

#include <string>
#include <vector>

#include "cli/reading.hpp"
#include "verdict/verdict_pool.hpp"
#include "verdict/verdict_store.hpp"
#include "weir/policy.hpp"

namespace weir::cli {

/// What the first reading of the inputs has found.
struct RecordVerdicts {
  verdict::VerdictPool& pool;
  verdict::VerdictStore& store;
  const Evaluator* policy = nullptr;  ///< null without --config
};

/// Reads the inputs once more and writes each judged record and its verdict in their order, at most
/// `limit`. For a table: one paragraph per record, `verbose` with every rule that was looked at.
/// Errors: what writing reports; unreadable if the inputs have changed meanwhile.
Result<void> write_records(Reading& reading, const RecordVerdicts& verdicts, std::uint64_t limit,
                           bool verbose);

}  // namespace weir::cli
