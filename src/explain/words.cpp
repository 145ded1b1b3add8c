// SPDX-License-Identifier: Apache-2.0
// explain: numbers, times and lists as people write them.
#include "explain/words.hpp"

#include <fmt/format.h>

#include "base/terminal_text.hpp"

namespace weir::explain {
namespace {

constexpr std::size_t kLongestQuote = 120;
// 9999-12-31: later instants are no dates but mistakes, and are written as numbers.
constexpr std::uint64_t kLastInstant = 253'402'214'400;

bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }

std::string offset_words(std::int64_t seconds, const TimeZone& zone) {
  if (zone.is_utc()) return "UTC";
  return format_offset(zone.offset_at(seconds));
}

// A date shared by both ends is written once.
std::string between_words(std::uint64_t start, std::uint64_t end, const TimeZone& zone) {
  if (start <= kLastInstant && end <= kLastInstant) {
    const auto first = static_cast<std::int64_t>(start);
    const auto last = static_cast<std::int64_t>(end);
    const std::string from = format_time(first, zone);
    const std::string to = format_time(last, zone);
    const std::size_t date = from.find(' ');
    if (from.substr(0, date) == to.substr(0, date) &&
        offset_words(first, zone) == offset_words(last, zone)) {
      return fmt::format(" between {} and {} {}", from, to.substr(date + 1),
                         offset_words(last, zone));
    }
  }
  return fmt::format(" between {} and {}", instant_words(start, zone), instant_words(end, zone));
}

}  // namespace

std::string listed(std::span<const std::string> parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

std::string joined(std::span<const std::string> parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

std::string quotable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = base::decode_utf8(text).length;
    const std::string shown = base::printable(text.substr(0, length));
    if (out.size() + shown.size() > kLongestQuote) return out + "…";
    out += shown;
    text.remove_prefix(length);
  }
  return out;
}

std::string capitalized(std::string text) {
  if (!text.empty() && is_lower(text[0])) text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string uncapitalized(std::string text) {
  const auto is_capitalized = [&](std::size_t at) {
    return at + 1 < text.size() && is_upper(text[at]) && is_lower(text[at + 1]);
  };
  // `Availability Zone` and `Transit Gateway` are names.
  const std::size_t second_word = text.find(' ') + 1;
  if (is_capitalized(0) && !(second_word != 0 && is_capitalized(second_word))) {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

std::string instant_words(std::uint64_t unix_seconds, const TimeZone& zone) {
  if (unix_seconds > kLastInstant) return fmt::format("Unix time {}", unix_seconds);
  const auto seconds = static_cast<std::int64_t>(unix_seconds);
  return fmt::format("{} {}", format_time(seconds, zone), offset_words(seconds, zone));
}

std::string window_words(std::optional<std::uint64_t> start, std::optional<std::uint64_t> end,
                         const TimeZone& zone) {
  if (!start && !end) return {};
  if (!end) return fmt::format(" from {} on", instant_words(*start, zone));
  if (!start) return fmt::format(" until {}", instant_words(*end, zone));
  if (*start == *end) return fmt::format(" at {}", instant_words(*start, zone));
  return between_words(*start, *end, zone);
}

}  // namespace weir::explain
