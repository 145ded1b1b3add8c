// SPDX-License-Identifier: Apache-2.0
// cli: inputs -> the columns that hold the records of all of them.
#include "cli/common_columns.hpp"

#include <algorithm>

#include "pipeline/peek_formats.hpp"

namespace weir::cli {
namespace {

/// Opening ten thousand objects twice would be felt; beyond that the first format decides.
constexpr std::size_t kMostPeeks = 10'000;

}  // namespace

std::optional<Format> common_columns(const Reading& reading) {
  const std::vector<Input>& inputs = reading.inputs();
  const auto arrives_once = [](const Input& input) { return !input.path(); };
  if (inputs.size() < 2 || inputs.size() > kMostPeeks ||
      std::any_of(inputs.begin(), inputs.end(), arrives_once)) {
    return std::nullopt;
  }
  parquet::Engine parquet;
  const pipeline::PeekedFormats peeked =
      pipeline::peek_formats(inputs, reading.run_options().decode, kMostPeeks, parquet);
  if (peeked.formats.size() < 2) return std::nullopt;
  return pipeline::union_of(peeked.formats);
}

}  // namespace weir::cli
