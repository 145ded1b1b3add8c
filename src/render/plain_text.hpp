// SPDX-License-Identifier: Apache-2.0
// render: text -> its copy, and whether any byte of it needs care in some format.
//
// Texts are short and may end where memory ends, so that blocks of 16, 8 or 4 bytes are laid over
// the two ends of a text and may overlap, and never reach beyond it. What is loaded is stored and
// tested in one go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace weir {

/// Sixteen bytes that the compiler keeps in one register of any CPU; comparing gives 0xff or 0.
using Bytes16 = std::uint8_t __attribute__((vector_size(16)));

inline Bytes16 load16(const char* text) noexcept {
  Bytes16 bytes;
  std::memcpy(&bytes, text, sizeof bytes);
  return bytes;
}

inline Bytes16 twice(std::uint64_t word) noexcept {
  const std::uint64_t words[2] = {word, word};
  Bytes16 bytes;
  std::memcpy(&bytes, words, sizeof bytes);
  return bytes;
}

inline bool any_set(Bytes16 bytes) noexcept {
  std::uint64_t words[2];
  std::memcpy(words, &bytes, sizeof words);
  return (words[0] | words[1]) != 0;
}

// For each format: 0xff where a byte needs care.

struct JsonBytes {
  /// Control bytes, `"`, `\`, and UTF-8, which has to be checked.
  static Bytes16 special(Bytes16 bytes) noexcept {
    return Bytes16(bytes < 0x20) | Bytes16(bytes == '"') | Bytes16(bytes == '\\') |
           Bytes16(bytes >= 0x80);
  }
};

struct CsvBytes {
  /// What RFC 4180 wants quotes for.
  static Bytes16 special(Bytes16 bytes) noexcept {
    return Bytes16(bytes == ',') | Bytes16(bytes == '"') | Bytes16(bytes == '\n') |
           Bytes16(bytes == '\r');
  }
};

struct TsvBytes {
  static Bytes16 special(Bytes16 bytes) noexcept {
    return Bytes16(bytes == '\t') | Bytes16(bytes == '\n') | Bytes16(bytes == '\r') |
           Bytes16(bytes == '\\');
  }
};

struct LogBytes {
  /// Blanks and control bytes, which break a flow-log line.
  static Bytes16 special(Bytes16 bytes) noexcept {
    return Bytes16(bytes <= 0x20) | Bytes16(bytes == 0x7f);
  }
};

/// Copies a text and returns true if no byte of it is special. Uses `length` bytes of `out`.
template <class Bytes>
inline bool copy_plain(const char* text, std::size_t length, char* out) noexcept {
  if (length >= 16) {
    const char* const last = text + length - 16;
    const Bytes16 tail = load16(last);
    Bytes16 special = Bytes::special(tail);
    std::memcpy(out + length - 16, &tail, 16);
    for (; text < last; text += 16, out += 16) {
      const Bytes16 bytes = load16(text);
      special |= Bytes::special(bytes);
      std::memcpy(out, &bytes, 16);
    }
    return !any_set(special);
  }
  if (length >= 8) {
    std::uint64_t words[2];
    std::memcpy(&words[0], text, 8);
    std::memcpy(&words[1], text + length - 8, 8);
    std::memcpy(out, &words[0], 8);
    std::memcpy(out + length - 8, &words[1], 8);
    Bytes16 bytes;
    std::memcpy(&bytes, words, sizeof bytes);
    return !any_set(Bytes::special(bytes));
  }
  if (length >= 4) {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::memcpy(&first, text, 4);
    std::memcpy(&last, text + length - 4, 4);
    std::memcpy(out, &first, 4);
    std::memcpy(out + length - 4, &last, 4);
    return !any_set(Bytes::special(twice(first | std::uint64_t{last} << 32)));
  }
  if (length == 0) return true;
  // One to three bytes: the first, the middle and the last are all there are.
  const auto first = static_cast<std::uint8_t>(text[0]);
  const auto middle = static_cast<std::uint8_t>(text[length / 2]);
  const auto last = static_cast<std::uint8_t>(text[length - 1]);
  out[0] = text[0];
  out[length / 2] = static_cast<char>(middle);
  out[length - 1] = static_cast<char>(last);
  const Bytes16 bytes = {first, middle, last,  first, first, first, first, first,
                         first, first,  first, first, first, first, first, first};
  return !any_set(Bytes::special(bytes));
}

}  // namespace weir
