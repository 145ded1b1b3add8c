// SPDX-License-Identifier: Apache-2.0
// verdict: a hash table that gives up when it would become too large.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/hash.hpp"
#include "weir/ip.hpp"

namespace weir::verdict {

/// What the entries of a BoundedTable are found by.
struct TableKey {
  Ip address;
  std::uint64_t number = 0;
  friend constexpr bool operator==(const TableKey&, const TableKey&) = default;
};

/// Smallest and largest of what was seen at a key: enough to tell whether there was anything else
/// than one given value, in 2 values whatever their number.
template <class Value>
class BoundedTable {
 public:
  struct Entry {
    TableKey key;
    Value least{};
    Value most{};
    bool used = false;
  };

  explicit BoundedTable(std::size_t limit) : limit_(limit) {}

  std::size_t size() const noexcept { return size_; }

  /// False once there were more different keys than the limit; the table is empty then.
  bool is_complete() const noexcept { return complete_; }

  void see(const TableKey& key, const Value& least, const Value& most) {
    if (!complete_) return;
    // Full at three quarters, and never larger than the limit asks for.
    if (entries_.empty() || (size_ < limit_ && size_ * 4 >= entries_.size() * 3)) grow();
    Entry& entry = place_of(entries_, key);
    if (!entry.used) {
      if (size_ == limit_) return give_up();
      ++size_;
      entry = {.key = key, .least = least, .most = most, .used = true};
      return;
    }
    if (least < entry.least) entry.least = least;
    if (entry.most < most) entry.most = most;
  }

  /// Forgets everything, and keeps the memory.
  void clear() noexcept {
    size_ = 0;
    std::fill(entries_.begin(), entries_.end(), Entry());
  }

  /// Sees everything that `other` has seen. Whether that is too much depends on the sum alone.
  void absorb(const BoundedTable& other) {
    if (!other.complete_) give_up();
    for (const Entry& entry : other.entries_) {
      if (entry.used) see(entry.key, entry.least, entry.most);
    }
  }

  const Entry* find(const TableKey& key) const noexcept {
    if (entries_.empty()) return nullptr;
    const Entry& entry = place_of(entries_, key);
    return entry.used ? &entry : nullptr;
  }

 private:
  static std::uint64_t hash_of(const TableKey& key) noexcept {
    base::WordHash hash;
    hash.add(key.address.high ^ key.number);
    hash.add(key.address.low);
    return hash.value();
  }

  template <class Entries>
  static auto& place_of(Entries& entries, const TableKey& key) noexcept {
    const std::size_t mask = entries.size() - 1;
    std::size_t at = static_cast<std::size_t>(hash_of(key)) & mask;
    while (entries[at].used && !(entries[at].key == key)) at = (at + 1) & mask;
    return entries[at];
  }

  void grow() {
    std::vector<Entry> larger(entries_.empty() ? 64 : entries_.size() * 2);
    for (const Entry& entry : entries_) {
      if (entry.used) place_of(larger, entry.key) = entry;
    }
    entries_.swap(larger);
  }

  void give_up() {
    complete_ = false;
    size_ = 0;
    std::vector<Entry>().swap(entries_);
  }

  std::size_t limit_;
  std::size_t size_ = 0;
  bool complete_ = true;
  std::vector<Entry> entries_;
};

}  // namespace weir::verdict
