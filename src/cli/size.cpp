// SPDX-License-Identifier: Apache-2.0
// cli: sizes, with the units that people write behind them.
#include "cli/size.hpp"

#include <fmt/format.h>

#include <charconv>

#include "cli/reading.hpp"

namespace weir::cli {
namespace {

/// Factor of `M` or `MB` (thousands), `Mi` or `MiB`; 0 for anything else.
std::uint64_t unit_bytes(std::string_view unit) {
  constexpr std::string_view kUnits = "KMGT";
  if (!unit.empty() && unit.back() == 'B') unit.remove_suffix(1);
  if (unit.empty()) return 1;
  const std::size_t power = kUnits.find(unit.front());
  const bool binary = unit.substr(1) == "i";
  if (power == std::string_view::npos || (unit.size() > 1 && !binary)) return 0;
  std::uint64_t bytes = 1;
  for (std::size_t i = 0; i <= power; ++i) bytes *= binary ? 1024 : 1000;
  return bytes;
}

}  // namespace

Result<std::uint64_t> parse_size(std::string_view flag, std::string_view text) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 60;
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, count);
  const std::uint64_t unit = unit_bytes({rest, static_cast<std::size_t>(end - rest)});
  if (failure == std::errc{} && count > 0 && unit > 0 && count <= kMost / unit) return count * unit;
  return Unexpected(
      usage_error(fmt::format("cannot read '{}' as a size (--{})", text, flag),
                  fmt::format("use whole numbers of bytes, K, M or G (thousands), KiB, MiB or GiB: "
                              "--{} 64MiB",
                              flag)));
}

}  // namespace weir::cli
