// SPDX-License-Identifier: Apache-2.0
// compute: recognising a record that was seen before.
#include "compute/record_hash.hpp"

#include <functional>
#include <string_view>
#include <utility>

#include "base/hash.hpp"

namespace weir::compute {
namespace {

std::uint64_t hash_text(std::string_view text) noexcept {
  return std::hash<std::string_view>{}(text);
}

void add_value(RecordHash& hash, std::uint64_t field, std::uint64_t a, std::uint64_t b) noexcept {
  const std::uint64_t mixed = base::scatter_all(base::scatter_all(field ^ a) + b);
  hash.high += base::scatter_all(mixed ^ base::kGoldenRatio);
  hash.low += mixed;
}

}  // namespace

void hash_records(const Batch& batch, std::vector<RecordHash>& hashes) {
  hashes.assign(batch.rows, {});
  for (std::size_t i = 0; i < batch.columns.size(); ++i) {
    const Column& column = batch.columns[i];
    const FormatField& field = batch.format->fields()[i];
    const std::uint64_t salt = base::scatter_all(hash_text(field.name));
    for (std::size_t row = 0; row < batch.rows; ++row) {
      if (column.nulls.test(row)) continue;
      switch (field.type) {
        case FieldType::number:
        case FieldType::time:
          add_value(hashes[row], salt, column.numbers[row], 0);
          break;
        case FieldType::address:
          add_value(hashes[row], salt, column.addresses[row].high, column.addresses[row].low);
          break;
        case FieldType::text:
          add_value(hashes[row], salt, hash_text(column.texts[row]), column.texts[row].size());
          break;
      }
    }
  }
}

bool RecentRecords::Generation::contains(const RecordHash& hash) const {
  if (slots.empty()) return false;
  const std::size_t mask = slots.size() - 1;
  for (std::size_t slot = hash.low & mask;; slot = (slot + 1) & mask) {
    if (slots[slot] == hash) return true;
    if (slots[slot] == RecordHash{}) return false;
  }
}

void RecentRecords::Generation::insert(const RecordHash& hash) {
  constexpr std::size_t kFirstSlots = 4096;
  if (slots.empty()) slots.resize(kFirstSlots);
  if (count * 2 >= slots.size()) {
    std::vector<RecordHash> old(slots.size() * 2);
    old.swap(slots);
    count = 0;
    for (const RecordHash& kept : old) {
      if (kept != RecordHash{}) insert(kept);
    }
  }
  const std::size_t mask = slots.size() - 1;
  std::size_t slot = hash.low & mask;
  while (slots[slot] != RecordHash{}) slot = (slot + 1) & mask;
  slots[slot] = hash;
  ++count;
}

bool RecentRecords::seen_before(const RecordHash& hash) {
  if (current_.contains(hash) || previous_.contains(hash)) return true;
  if (current_.count == window_) {
    forgot_ = forgot_ || previous_.count > 0;
    previous_ = std::exchange(current_, {});
  }
  current_.insert(hash);
  return false;
}

}  // namespace weir::compute
