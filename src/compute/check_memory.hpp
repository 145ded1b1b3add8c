// SPDX-License-Identifier: Apache-2.0
// compute: what `weir check` remembers of records: those that it saw before, and the time that they
// cover.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "weir/batch.hpp"

namespace weir::compute {

/// Does not depend on the order of a record's fields, so that the same record is recognised in an
/// S3 object and in a CloudWatch export.
struct RecordHash {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend bool operator==(const RecordHash&, const RecordHash&) = default;
};

/// Hashes every row of a batch whose columns are all decoded.
void hash_records(const Batch& batch, std::vector<RecordHash>& hashes);

/// Remembers the last records, between one and two windows of them.
class RecentRecords {
 public:
  explicit RecentRecords(std::size_t window) : window_(window) {}
  /// True if the record was seen before.
  bool seen_before(const RecordHash& hash);
  /// True if records have been forgotten.
  bool forgot() const noexcept { return forgot_; }

 private:
  /// A set of hashes, open addressing; the zero hash marks an empty slot.
  struct Generation {
    std::vector<RecordHash> slots;
    std::size_t count = 0;
    bool contains(const RecordHash& hash) const;
    void insert(const RecordHash& hash);
  };

  std::size_t window_;
  Generation current_;
  Generation previous_;
  bool forgot_ = false;
};

struct TimeSpan {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

/// A union of spans. Spans nearer than a minute are one, so that a day of ordinary records is a
/// single span whatever their order.
class Coverage {
 public:
  void add(std::int64_t begin, std::int64_t end);
  /// Stretches longer than `shortest` between two covered ones.
  std::vector<TimeSpan> gaps(std::int64_t shortest) const;

 private:
  std::map<std::int64_t, std::int64_t> spans_;  // begin -> end
};

}  // namespace weir::compute
