// SPDX-License-Identifier: Apache-2.0
// render: text -> its copy, and whether a byte of it may need care in some format.
//
// Texts are short and may end where memory ends, so that blocks of 16, 8 or 4 bytes are laid over
// the two ends of a text and may overlap, and never reach beyond it. What is loaded is stored and
// tested in one go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "render/byte_class.hpp"

namespace weir::render {

/// Sixteen bytes that the compiler keeps in one register of any CPU; comparing gives 0xff or 0.
using Bytes16 = std::uint8_t __attribute__((vector_size(16)));
using SignedBytes16 = std::int8_t __attribute__((vector_size(16)));

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

/// `bytes` is what comparisons gave.
inline bool any_set(Bytes16 bytes) noexcept {
#if defined(__SSE2__)
  return _mm_movemask_epi8(reinterpret_cast<__m128i>(bytes)) != 0;
#else
  std::uint64_t words[2];
  std::memcpy(words, &bytes, sizeof words);
  return (words[0] | words[1]) != 0;
#endif
}

// For each format: 0xff where a byte may need care. A comparison is saved where that puts only rare
// bytes under suspicion; who then looks closely has byte_class.hpp.

struct JsonBytes {
  static constexpr ByteClass kClass = kJsonSpecial;
  /// Control bytes, `"`, `\`, and UTF-8, which has to be checked; also blank and `!`.
  static Bytes16 special(Bytes16 bytes) noexcept {
    return Bytes16(SignedBytes16(bytes) <= '"') | Bytes16(bytes == '\\');
  }
};

struct CsvBytes {
  static constexpr ByteClass kClass = kCsvSpecial;
  /// Comma, `"` and line ends; also every other byte up to the comma.
  static Bytes16 special(Bytes16 bytes) noexcept { return Bytes16(bytes <= ','); }
};

struct TsvBytes {
  static constexpr ByteClass kClass = kTsvSpecial;
  /// Tab, line ends and `\`; also the other control bytes.
  static Bytes16 special(Bytes16 bytes) noexcept {
    return Bytes16(bytes < 0x20) | Bytes16(bytes == '\\');
  }
};

struct LogBytes {
  static constexpr ByteClass kClass = kLogSpecial;
  /// Blanks and control bytes.
  static Bytes16 special(Bytes16 bytes) noexcept {
    return Bytes16(bytes <= 0x20) | Bytes16(bytes == 0x7f);
  }
};

/// Copies a text and returns true if no byte of it may need care. Uses `length` bytes of `out`.
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
  const char first = text[0];
  const char middle = text[length / 2];
  const char last = text[length - 1];
  out[0] = first;
  out[length / 2] = middle;
  out[length - 1] = last;
  return ((class_of(first) | class_of(middle) | class_of(last)) & Bytes::kClass) == 0;
}

}  // namespace weir::render
