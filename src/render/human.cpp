// SPDX-License-Identifier: Apache-2.0
// render: sizes and shares as people read them.
#include "render/human.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/number_words.hpp"
#include "render/text_buffer.hpp"
#include "weir/render.hpp"

namespace weir {

std::string render::decimal_text(unsigned __int128 value) {
  std::array<char, render::kMaxWideNumberText> digits;
  return {digits.data(), render::write_number(value, digits.data())};
}

// Whole arithmetic throughout: a double could not tell 1023.95 KiB from 1024.0 KiB at the top.
std::string human_bytes(unsigned __int128 value) {
  static constexpr std::array<std::string_view, 8> units = {"KiB", "MiB", "GiB", "TiB",
                                                            "PiB", "EiB", "ZiB", "YiB"};
  if (value < 1024) return render::decimal_text(value) + " B";
  for (std::size_t i = 0;; ++i) {
    const unsigned shift = 10 * (static_cast<unsigned>(i) + 1);
    const unsigned __int128 one = static_cast<unsigned __int128>(1) << shift;
    const unsigned __int128 rest = (value & (one - 1)) * 10;
    const unsigned __int128 tenths = (value >> shift) * 10 + (rest + one / 2) / one;
    // What rounds up to 1024.0 is 1.0 of the next unit.
    if (tenths < 10240 || i + 1 == units.size()) {
      return fmt::format("{}.{} {}", render::decimal_text(tenths / 10),
                         static_cast<unsigned>(tenths % 10), units[i]);
    }
  }
}

std::string render::share_text(double share) {
  if (!std::isfinite(share)) return "-";
  if (share > 0 && share < 0.0005) return "<0.1 %";
  return fmt::format("{:.1f} %", share * 100);
}

std::string with_thousands(unsigned __int128 value) { return base::with_thousands(value); }

}  // namespace weir
