// SPDX-License-Identifier: Apache-2.0
// cli: one function per verb, each in its own file. They return the exit status.
#pragma once

#include "cli/options.hpp"

namespace weir::cli {

int run_read(const Options& options);
int run_explain(const Options& options);
int run_top(const Options& options);
int run_timeline(const Options& options);
int run_pairs(const Options& options);
int run_suggest(const Options& options);
int run_why(const Options& options);
int run_rules(const Options& options);
int run_whatif(const Options& options);
int run_check(const Options& options);
int run_fields(const Options& options);
int run_convert(const Options& options);
int run_synth(const Options& options);
int run_sql(const Options& options);
int run_report(const Options& options);

}  // namespace weir::cli
