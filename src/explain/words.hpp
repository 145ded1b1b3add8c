// SPDX-License-Identifier: Apache-2.0
// explain: times and lists as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "weir/time.hpp"

namespace weir::explain {

/// `a`, `a and b`, `a, b and c`.
std::string listed(std::span<const std::string> parts);
/// Parts that are not empty, with a separator between them.
std::string joined(std::span<const std::string> parts, std::string_view separator);

/// Text of a log that may stand in a sentence: printable, not endless.
std::string quotable(std::string_view text);
/// With its first letter upper case; lower case unless it starts a name such as `VPC`.
std::string capitalized(std::string text);
std::string uncapitalized(std::string text);

/// `2014-12-14 04:06:50 UTC`, or with the zone's offset.
std::string instant_words(std::uint64_t unix_seconds, const TimeZone& zone);
/// ` between A and B`, ` from A on`, ` until B`, ` at A`; empty without a time.
std::string window_words(std::optional<std::uint64_t> start, std::optional<std::uint64_t> end,
                         const TimeZone& zone);

}  // namespace weir::explain
