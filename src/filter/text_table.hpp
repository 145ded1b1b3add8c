// SPDX-License-Identifier: Apache-2.0
// filter: tests of texts that take the same time for each row, whatever stood in the last one.
//
// Texts are compared in words of up to eight bytes from both ends, which overlap in the middle: the
// words of a text are inside it, so that nothing behind the text is read.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::filter {

/// One text to compare others with.
class TextPattern {
 public:
  /// With `any_case`, letters match in either case.
  TextPattern(std::string_view text, bool any_case);

  /// Bytes compared at once, of 8, 4, 2 and 1; 0 if the text is empty.
  std::size_t width() const noexcept { return width_; }

  /// True if the texts are equal. `Word` is unsigned and of width() bytes. Without branches up to
  /// twice that many bytes.
  template <class Word>
  bool matches(std::string_view text) const noexcept {
    // Where the length differs the pattern is compared with itself, and the length says no.
    const bool same_length = text.size() == text_.size();
    const char* const begin = same_length ? text.data() : text_.data();
    const std::uint64_t different =
        ((load<Word>(begin) ^ first_) & first_mask_) |
        ((load<Word>(begin + text_.size() - sizeof(Word)) ^ last_) & last_mask_);
    const bool ends =
        (static_cast<unsigned>(same_length) & static_cast<unsigned>(different == 0)) != 0;
    // First what is the same for all texts: whether they agree is no thing to predict.
    if (text_.size() <= 2 * sizeof(Word)) return ends;
    return ends && middle_matches(begin);
  }

 private:
  template <class Word>
  static std::uint64_t load(const char* at) noexcept {
    Word word;
    std::memcpy(&word, at, sizeof(Word));
    return word;
  }
  bool middle_matches(const char* text) const noexcept;

  std::string text_;
  bool any_case_;
  std::size_t width_ = 0;
  std::uint64_t first_ = 0;
  std::uint64_t last_ = 0;
  std::uint64_t first_mask_ = 0;  // without the bit that tells the cases of a letter apart
  std::uint64_t last_mask_ = 0;
};

/// Any number of distinct texts, in a hash table beside them.
/// Cost: contains() takes time by the text's length, whatever the number of texts.
/// Memory: 16 to 32 bytes a text.
class TextTable {
 public:
  /// Keeps no copy of the texts. With `any_case`, letters match in either case.
  TextTable(std::span<const std::string> texts, bool any_case);
  bool contains(std::string_view text) const noexcept;

 private:
  struct Slot {
    std::uint32_t tag = 0;  // some bits of the hash: texts that differ seldom have to be compared
    std::uint32_t number = 0;  // of the text, from 1; 0 where the slot is empty
  };
  std::uint64_t hash_of(std::string_view text) const noexcept;
  bool equal(std::string_view a, std::string_view b) const noexcept;

  std::span<const std::string> texts_;
  bool any_case_;
  std::vector<Slot> slots_;
};

}  // namespace weir::filter
