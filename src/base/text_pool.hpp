// SPDX-License-Identifier: Apache-2.0
// base: texts -> small numbers, so that words are compared and not strings.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/hash.hpp"
#include "base/same_words.hpp"

namespace weir::base {

/// Every different text once. Grows with the number of different texts.
/// Threads: intern() from any; the rest when nobody interns.
class TextPool {
 public:
  struct Text {
    std::uint32_t id;
    std::string_view text;  ///< the pool's own copy, which never moves
  };

  Text intern(std::string_view text);

  std::string_view text(std::uint64_t id) const { return texts_[id]; }
  std::size_t size() const { return texts_.size(); }
  /// The place of each text, by its number, in the order of the texts.
  std::vector<std::uint32_t> ranks() const;

 private:
  std::string_view keep(std::string_view text);

  std::mutex mutex_;
  std::deque<std::string_view> texts_;
  std::unordered_map<std::string_view, std::uint32_t> ids_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;  // where the next text goes, and what room there is
  std::size_t room_ = 0;
};

/// A thread's memory of the numbers of texts that it met: interfaces, accounts, actions repeat.
///
/// Direct-mapped. A text of up to 32 bytes is its length and two or four words, which are compared
/// without a look at the pool; of a longer one the words are the ends, and the pool's copy decides.
class TextNumbers {
 public:
  explicit TextNumbers(TextPool& pool) : pool_(&pool), entries_(new Entry[kEntries]()) {}

  std::uint32_t number_of(std::string_view text) {
    if (text.size() > 16) return number_of_long(text);
    const auto [first, second] = short_words(text);
    Entry& entry = entries_[slot_of(first, second, text.size())];
    if (((entry.words[0] ^ first) | (entry.words[1] ^ second) |
         (entry.length ^ (text.size() + 1))) == 0) {
      return entry.number;
    }
    return learn(entry, {first, second, 0, 0}, text);
  }

 private:
  static constexpr std::size_t kEntries = 2048;
  using Words = std::array<std::uint64_t, 4>;

  struct Entry {
    Words words;
    const char* text;    // the pool's copy
    std::size_t length;  // and one; zero for an empty entry
    std::uint32_t number;
  };

  template <class Word>
  static std::uint64_t load(const char* from) noexcept {
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
  }

  /// Loads that overlap in the middle, and never reach beyond the text: it may end where its memory
  /// ends.
  static std::pair<std::uint64_t, std::uint64_t> short_words(std::string_view text) noexcept {
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    if (text.size() >= 8) return {load<std::uint64_t>(begin), load<std::uint64_t>(end - 8)};
    if (text.size() >= 4) return {load<std::uint32_t>(begin), load<std::uint32_t>(end - 4)};
    if (text.empty()) return {};
    return {load<std::uint8_t>(begin) | load<std::uint8_t>(begin + text.size() / 2) << 8,
            load<std::uint8_t>(end - 1)};
  }

  std::uint32_t number_of_long(std::string_view text) {
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const Words words = {load<std::uint64_t>(begin), load<std::uint64_t>(end - 8),
                         load<std::uint64_t>(begin + 8), load<std::uint64_t>(end - 16)};
    Entry& entry = entries_[slot_of(words[0] + words[2], words[1] ^ words[3], text.size())];
    if (entry.length == text.size() + 1 && same_words(entry.words, words) &&
        (text.size() <= 32 || std::memcmp(entry.text, begin, text.size()) == 0)) {
      return entry.number;
    }
    return learn(entry, words, text);
  }

  static std::size_t slot_of(std::uint64_t first, std::uint64_t second,
                             std::size_t length) noexcept {
    return scatter_high(first ^ (second << 23 | second >> 41) ^ length) >> 53;
  }

  std::uint32_t learn(Entry& entry, const Words& words, std::string_view text) {
    const TextPool::Text kept = pool_->intern(text);
    entry = {
        .words = words, .text = kept.text.data(), .length = text.size() + 1, .number = kept.id};
    return kept.id;
  }

  TextPool* pool_;
  std::unique_ptr<Entry[]> entries_;
};

}  // namespace weir::base
