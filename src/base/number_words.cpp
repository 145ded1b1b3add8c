// SPDX-License-Identifier: Apache-2.0
// base: numbers as people write them.
#include "base/number_words.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace weir::base {

std::string with_thousands(unsigned __int128 value) {
  std::string text = fmt::format("{}", value);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return text;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", with_thousands(number), number == 1 ? one : many);
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", with_thousands(number), noun, number == 1 ? "" : "s");
}

// Whole arithmetic throughout: a double could not tell 1023.95 KiB from 1024.0 KiB at the top.
std::string human_bytes(unsigned __int128 value) {
  static constexpr std::array<std::string_view, 8> units = {"KiB", "MiB", "GiB", "TiB",
                                                            "PiB", "EiB", "ZiB", "YiB"};
  if (value < 1024) return fmt::format("{} B", value);
  for (std::size_t i = 0;; ++i) {
    const unsigned shift = 10 * (static_cast<unsigned>(i) + 1);
    const unsigned __int128 one = static_cast<unsigned __int128>(1) << shift;
    const unsigned __int128 rest = (value & (one - 1)) * 10;
    const unsigned __int128 tenths = (value >> shift) * 10 + (rest + one / 2) / one;
    // What rounds up to 1024.0 is 1.0 of the next unit.
    if (tenths < 10240 || i + 1 == units.size()) {
      return fmt::format("{}.{} {}", tenths / 10, static_cast<unsigned>(tenths % 10), units[i]);
    }
  }
}

std::string share_text(double share) {
  if (!std::isfinite(share)) return "-";
  if (share > 0 && share < 0.0005) return "<0.1 %";
  return fmt::format("{:.1f} %", share * 100);
}

}  // namespace weir::base
