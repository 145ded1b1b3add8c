// SPDX-License-Identifier: Apache-2.0
// filter: texts -> patterns and hash tables of them.
#include "filter/text_table.hpp"

#include <algorithm>
#include <bit>

#include "base/hash.hpp"
#include "field/ascii.hpp"

namespace weir::filter {
namespace {

constexpr std::uint64_t kCaseBits = 0x2020'2020'2020'2020;

template <class Word>
std::uint64_t load(const char* at) noexcept {
  Word word;
  std::memcpy(&word, at, sizeof(Word));
  return word;
}

/// All bytes of a text of at most eight.
std::uint64_t load_short(std::string_view text) noexcept {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  if (text.size() >= 4) return load<std::uint32_t>(begin) | load<std::uint32_t>(end - 4) << 32;
  if (text.size() >= 2) return load<std::uint16_t>(begin) | load<std::uint16_t>(end - 2) << 16;
  return text.empty() ? 0 : load<std::uint8_t>(begin);
}

bool is_letter(char byte) {
  return field::to_lower_ascii(byte) >= 'a' && field::to_lower_ascii(byte) <= 'z';
}

/// What has to be equal in the `width` bytes at `at`: all but the case of letters.
std::uint64_t mask_of(const char* at, std::size_t width, bool any_case) {
  unsigned char mask[8] = {};
  for (std::size_t i = 0; i < width; ++i) mask[i] = any_case && is_letter(at[i]) ? 0xdf : 0xff;
  return load<std::uint64_t>(reinterpret_cast<const char*>(mask));
}

}  // namespace

TextPattern::TextPattern(std::string_view text, bool any_case)
    : text_(text),
      any_case_(any_case),
      width_(std::min<std::size_t>(std::bit_floor(text.size()), 8)) {
  if (width_ == 0) return;
  const char* const first = text_.data();
  const char* const last = first + text_.size() - width_;
  std::memcpy(&first_, first, width_);
  std::memcpy(&last_, last, width_);
  first_mask_ = mask_of(first, width_, any_case);
  last_mask_ = mask_of(last, width_, any_case);
}

bool TextPattern::middle_matches(const char* text) const noexcept {
  const std::size_t begin = width_;
  const std::size_t count = text_.size() - 2 * width_;
  if (!any_case_) return std::memcmp(text + begin, text_.data() + begin, count) == 0;
  return field::equal_ignoring_case({text + begin, count}, {text_.data() + begin, count});
}

TextTable::TextTable(std::span<const std::string> texts, bool any_case)
    : texts_(texts), any_case_(any_case), slots_(std::bit_ceil(2 * texts_.size() + 2)) {
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    const std::uint64_t hash = hash_of(texts_[i]);
    std::size_t slot = hash & (slots_.size() - 1);
    while (slots_[slot].number != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = {.tag = static_cast<std::uint32_t>(hash >> 32),
                    .number = static_cast<std::uint32_t>(i + 1)};
  }
}

bool TextTable::contains(std::string_view text) const noexcept {
  const std::uint64_t hash = hash_of(text);
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  for (std::size_t slot = hash & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
    if (slots_[slot].number == 0) return false;
    if (slots_[slot].tag == tag && equal(texts_[slots_[slot].number - 1], text)) return true;
  }
}

/// Setting the case bit of other bytes than letters, too, makes some texts collide, and no more.
std::uint64_t TextTable::hash_of(std::string_view text) const noexcept {
  const std::uint64_t folded = any_case_ ? kCaseBits : 0;
  std::uint64_t hash = text.size();
  const auto add = [&hash, folded](std::uint64_t word) {
    hash = base::scatter_high(hash ^ (word | folded));
    hash ^= hash >> 32;
  };
  if (text.size() <= 8) {
    add(load_short(text));
  } else {
    for (std::size_t at = 0; at + 8 < text.size(); at += 8) {
      add(load<std::uint64_t>(text.data() + at));
    }
    add(load<std::uint64_t>(text.data() + text.size() - 8));
  }
  hash *= base::kSecondFactor;
  return hash ^ hash >> 29;
}

bool TextTable::equal(std::string_view a, std::string_view b) const noexcept {
  return a == b || (any_case_ && field::equal_ignoring_case(a, b));
}

}  // namespace weir::filter
