// SPDX-License-Identifier: Apache-2.0
// compute: runs of groups in a temporary file.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/spill_run.hpp"
#include "compute/group_store.hpp"

namespace weir::compute {

/// A full key and its totals as bytes of a fixed number.
class RecordBytes {
 public:
  explicit RecordBytes(std::size_t full_words) : key_bytes_(full_words * sizeof(std::uint64_t)) {}
  std::size_t size() const noexcept { return key_bytes_ + sizeof(GroupTotals); }
  Result<void> write(base::RunWriter& writer, const GroupRecord& record) const;
  /// Copies a record out of `bytes`; its key into `key`.
  GroupRecord read(const std::byte* bytes, std::span<std::uint64_t> key) const;

 private:
  std::size_t key_bytes_;
};

/// Merges runs that are each in `order`, and visits the records of all in that order.
/// Memory: `buffer_bytes` over all runs, but at least a record each.
Result<void> merge_runs(const base::SpillFile& file, std::span<const base::SpillRun> runs,
                        const KeyLayout& layout, const GroupOrder& order, std::size_t buffer_bytes,
                        const GroupStore::Visitor& visitor);

}  // namespace weir::compute
