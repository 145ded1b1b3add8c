// SPDX-License-Identifier: Apache-2.0
// compute: records to bytes and back, and the merge of sorted runs.
#include "compute/spilled_groups.hpp"

#include <algorithm>
#include <cstring>

namespace weir::compute {

Result<void> RecordBytes::write(base::RunWriter& writer, const GroupRecord& record) const {
  if (auto done = writer.write(std::as_bytes(record.key)); !done) return done;
  return writer.write(std::as_bytes(std::span(&record.totals, 1)));
}

GroupRecord RecordBytes::read(const std::byte* bytes, std::span<std::uint64_t> key) const {
  GroupRecord record;
  std::memcpy(key.data(), bytes, key_bytes_);
  std::memcpy(&record.totals, bytes + key_bytes_, sizeof record.totals);
  record.key = key;
  return record;
}

namespace {

/// A run, and the record at which its reading stands.
struct Cursor {
  base::RunReader reader;
  std::vector<std::uint64_t> key;
  GroupRecord record;
};

}  // namespace

Result<void> merge_runs(const base::SpillFile& file, std::span<const base::SpillRun> runs,
                        const KeyLayout& layout, const GroupOrder& order, std::size_t buffer_bytes,
                        const GroupStore::Visitor& visitor) {
  const RecordBytes bytes(layout.full_words());
  std::vector<std::unique_ptr<Cursor>> cursors;
  for (const base::SpillRun& run : runs) {
    cursors.push_back(std::make_unique<Cursor>(
        Cursor{.reader = base::RunReader(file, run, bytes.size(), buffer_bytes / runs.size()),
               .key = std::vector<std::uint64_t>(layout.full_words()),
               .record = {}}));
  }
  const auto advance = [&](Cursor& cursor) -> Result<bool> {
    auto record = cursor.reader.next();
    if (!record) return Unexpected(std::move(record.error()));
    if (*record != nullptr) cursor.record = bytes.read(*record, cursor.key);
    return *record != nullptr;
  };
  const auto before = [&](const Cursor& a, const Cursor& b) {
    return order.before(a.record, b.record);
  };
  const auto take = [&](const Cursor& cursor) { return visitor(cursor.record); };
  return base::merge_sorted(std::move(cursors), advance, before, take);
}

}  // namespace weir::compute
