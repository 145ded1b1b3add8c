// SPDX-License-Identifier: Apache-2.0
// pipeline: what is asked of a run -> what is asked of the decoder, and of Parquet files.
#pragma once

#include "parquet/plan.hpp"
#include "weir/pipeline.hpp"

namespace weir::pipeline {

/// What `options` mean to the decoder: columns that decide which rows are wanted come first, those
/// of the filter's first step before those of the next; all others are converted in the rows that
/// are left.
DecodeOptions plan_decoding(const RunOptions& options);

/// What they mean to Parquet files; `decode` is what plan_decoding() made of them. Rows before and
/// after the time asked for are left out where nobody looks at them.
parquet::Wanted plan_parquet(const RunOptions& options, const DecodeOptions& decode);

}  // namespace weir::pipeline
