// SPDX-License-Identifier: Apache-2.0
// base: numbers as people write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::base {

/// 4249 -> `4,249`.
std::string with_thousands(unsigned __int128 value);
/// (1, `reply`, `replies`) -> `1 reply`, (4249, ...) -> `4,249 replies`.
std::string counted(std::uint64_t number, std::string_view one, std::string_view many);
/// Of a noun that takes an s: (20, `packet`) -> `20 packets`.
std::string counted(std::uint64_t number, std::string_view noun);

/// 1536 -> `1.5 KiB`.
std::string human_bytes(unsigned __int128 value);
/// 0.123 -> `12.3 %`; what is more than nothing is never `0.0 %`.
std::string share_text(double share);

}  // namespace weir::base
