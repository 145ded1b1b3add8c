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
  const std::vector<std::string>& names = reading.names();
  if (names.size() < 2 || names.size() > kMostPeeks ||
      std::find(names.begin(), names.end(), "-") != names.end()) {
    return std::nullopt;
  }
  parquet::Engine parquet;
  const pipeline::PeekedFormats peeked =
      pipeline::peek_formats(names, reading.run_options().decode, kMostPeeks, parquet);
  if (peeked.formats.size() < 2) return std::nullopt;
  return pipeline::union_of(peeked.formats);
}

}  // namespace weir::cli
