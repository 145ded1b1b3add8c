// SPDX-License-Identifier: Apache-2.0
// cli: -o: which kind of answer goes where.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "weir/render.hpp"
#include "weir/source.hpp"

namespace weir::cli {

/// Where an answer goes and how it looks.
struct Output {
  OutputKind kind = OutputKind::table;
  bool is_parquet = false;  ///< of what is written as `kind`, which is ndjson then
  std::string file;         ///< empty for standard output
  Style style;
  std::unique_ptr<ByteSink> sink;
};

/// True if `-o` says parquet.
bool asks_for_parquet(const Options& options);
/// Reads `-o KIND[:FILE]`, and picks table on a terminal and tsv in a pipe.
/// Errors: usage.
Result<Output> choose_output(const Options& options);
/// Opens the file or standard output. Refuses a file that is among the inputs.
Result<void> open_output(Output& output, const std::vector<Input>& inputs);

/// Opens a file as it is named, or standard output, which may be a terminal.
Result<std::unique_ptr<ByteSink>> open_text_sink(const std::string& file, OutputKind kind,
                                                 const Style& style);
/// Errors: usage, if a file among the inputs is the output.
Result<void> keep_apart(const Output& output, const std::vector<Input>& inputs);

}  // namespace weir::cli
