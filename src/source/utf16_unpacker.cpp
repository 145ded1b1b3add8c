// SPDX-License-Identifier: Apache-2.0
// source: UTF-16 -> UTF-8. Windows PowerShell writes UTF-16 with a byte order mark into what `>`
// redirects (Microsoft, "about_Character_Encoding").
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "source/unpacker.hpp"

namespace weir::source {
namespace {

class Utf16Unpacker final : public Unpacker {
 public:
  Unpacked unpack(PackedBytes& packed, std::span<char> out) override {
    while (ready_.empty()) {
      Result<bool> more = packed.need(2);
      if (!more) return {0, std::move(more.error())};
      const std::string_view window = packed.window();
      if (window.empty()) {
        if (high_ == 0) return {};
        high_ = 0;  // half a pair at the end
        append(kReplacement);
        break;
      }
      const std::size_t bytes = std::max<std::size_t>(window.size() & ~std::size_t{1}, 1);
      for (std::size_t i = 0; i + 1 < bytes; i += 2) take_unit(window.substr(i, 2));
      if (bytes == 1) append(kReplacement);  // half a unit at the end
      packed.consume(bytes);
    }
    const std::size_t length = std::min(out.size(), ready_.size() - taken_);
    std::copy_n(ready_.data() + taken_, length, out.data());
    taken_ += length;
    if (taken_ == ready_.size()) {
      ready_.clear();
      taken_ = 0;
    }
    return {length, {}};
  }

 private:
  static constexpr std::uint32_t kReplacement = 0xfffd;
  static constexpr std::uint32_t kMark = 0xfeff;

  void take_unit(std::string_view two) {
    const auto byte = [&](std::size_t i) {
      return std::uint32_t{static_cast<unsigned char>(two[i])};
    };
    if (!begun_) {  // the mark, which says the order
      begun_ = true;
      big_end_first_ = byte(0) == 0xfe;
      return;
    }
    const std::uint32_t unit = big_end_first_ ? byte(0) << 8 | byte(1) : byte(1) << 8 | byte(0);
    const bool is_low = unit >= 0xdc00 && unit < 0xe000;
    if (high_ != 0) {
      const std::uint32_t high = std::exchange(high_, 0);
      if (is_low) return append(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
      append(kReplacement);
    }
    if (unit >= 0xd800 && unit < 0xdc00) {
      high_ = unit;
    } else if (unit != kMark) {  // files put one after the other
      append(is_low ? kReplacement : unit);
    }
  }

  void append(std::uint32_t code) {
    const auto tail = [&](int shift) {
      ready_ += static_cast<char>(0x80 | ((code >> shift) & 0x3f));
    };
    if (code < 0x80) {
      ready_ += static_cast<char>(code);
    } else if (code < 0x800) {
      ready_ += static_cast<char>(0xc0 | (code >> 6));
      tail(0);
    } else if (code < 0x10000) {
      ready_ += static_cast<char>(0xe0 | (code >> 12));
      tail(6);
      tail(0);
    } else {
      ready_ += static_cast<char>(0xf0 | (code >> 18));
      tail(12);
      tail(6);
      tail(0);
    }
  }

  bool begun_ = false;
  bool big_end_first_ = false;
  std::uint32_t high_ = 0;  // the first half of a pair
  std::string ready_;       // not handed out yet
  std::size_t taken_ = 0;
};

}  // namespace

std::unique_ptr<Unpacker> make_utf16_unpacker() { return std::make_unique<Utf16Unpacker>(); }

}  // namespace weir::source
