// SPDX-License-Identifier: Apache-2.0
// compute: both forms of a key, and the order of keys.
#include "compute/group_key.hpp"

#include <algorithm>
#include <string>

namespace weir::compute {
namespace {

/// Bits for a value of a field and one. What AWS writes fits by far; what does not is rare.
unsigned bits_of(FieldId id, FieldType type) {
  switch (type) {
    case FieldType::address:
      return 33;
    case FieldType::text:
      return 25;
    case FieldType::time:
      return 35;
    case FieldType::number:
      break;
  }
  switch (id) {
    case FieldId::srcport:
    case FieldId::dstport:
      return 17;
    case FieldId::protocol:
    case FieldId::version:
    case FieldId::tcp_flags:
    case FieldId::traffic_path:
      return 9;
    case FieldId::bytes:
      return 42;
    default:
      return 34;
  }
}

/// What a compact form holds of a value: the value and one; zero if it does not fit.
std::uint64_t code_of(const KeyColumn& column, std::span<const std::uint64_t> full) noexcept {
  std::uint64_t value = full[column.full_word];
  if (column.type == FieldType::address) {
    const Ip address{.high = value, .low = full[column.full_word + 1]};
    if (!address.is_ipv4()) return 0;
    value = address.low & 0xffff'ffff;
  }
  return value < column.mask() ? value + 1 : 0;
}

}  // namespace

KeyLayout::KeyLayout(std::vector<GroupKey> keys) {
  unsigned used = 64;  // bits of the last compact word
  for (GroupKey& key : keys) {
    KeyColumn& column = columns_.emplace_back();
    column.key = std::move(key);
    column.id = find_field(column.key.field);
    if (column.id != FieldId::unknown) column.type = field_info(column.id).type;
    column.full_word = full_words_;
    full_words_ += column.type == FieldType::address ? 2 : 1;
    column.bits = bits_of(column.id, column.type);
    if (used + column.bits > 64) {
      ++compact_words_;
      used = 0;
    }
    used += column.bits;
    column.word = compact_words_ - 1;
    column.shift = 64 - used;
  }
  // Down to the lowest bits: a key that is a small number is then a small word.
  std::array<unsigned, 64> unused;
  unused.fill(64);
  for (const KeyColumn& column : columns_) {
    unused[column.word] = std::min(unused[column.word], column.shift);
  }
  for (KeyColumn& column : columns_) column.shift -= unused[column.word];
  if (columns_.empty()) compact_words_ = 1;
  if (compact_words_ > kMostCompactWords) compact_words_ = 0;
}

bool KeyLayout::pack(std::span<const std::uint64_t> full, Compact& compact) const noexcept {
  compact = {};
  if (compact_words_ == 0) return false;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if ((full[0] >> i & 1) != 0) continue;
    const std::uint64_t code = code_of(columns_[i], full);
    if (code == 0) return false;
    compact[columns_[i].word] |= code << columns_[i].shift;
  }
  return true;
}

void KeyLayout::unpack(std::span<const std::uint64_t> compact,
                       std::span<std::uint64_t> full) const noexcept {
  full[0] = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const KeyColumn& column = columns_[i];
    const std::uint64_t code = compact[column.word] >> column.shift & column.mask();
    std::uint64_t* const words = &full[column.full_word];
    if (code == 0) full[0] |= std::uint64_t{1} << i;
    const std::uint64_t value = code == 0 ? 0 : code - 1;
    if (column.type == FieldType::address) {
      const bool missing = code == 0;
      words[0] = 0;
      words[1] = missing ? 0 : Ip::from_ipv4(static_cast<std::uint32_t>(value)).low;
    } else {
      words[0] = value;
    }
  }
}

std::strong_ordering KeyLayout::compare(std::span<const std::uint64_t> a,
                                        std::span<const std::uint64_t> b,
                                        const base::TextPool& pool) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const bool present = (a[0] >> i & 1) == 0;
    const bool other_present = (b[0] >> i & 1) == 0;
    if (present != other_present || !present) {
      if (const auto order = present <=> other_present; order != 0) return order;
      continue;
    }
    const std::size_t word = columns_[i].full_word;
    auto order = a[word] <=> b[word];
    if (columns_[i].type == FieldType::text && order != 0) {
      order = pool.text(a[word]) <=> pool.text(b[word]);
    }
    if (columns_[i].type == FieldType::address && order == 0) order = a[word + 1] <=> b[word + 1];
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

GroupValue KeyLayout::value(std::span<const std::uint64_t> full, std::size_t column,
                            const base::TextPool& pool) const {
  if ((full[0] >> column & 1) != 0) return std::monostate{};
  const std::uint64_t* const words = &full[columns_[column].full_word];
  switch (columns_[column].type) {
    case FieldType::address:
      return Ip{.high = words[0], .low = words[1]};
    case FieldType::text:
      return std::string(pool.text(words[0]));
    default:
      return words[0];
  }
}

}  // namespace weir::compute
