// SPDX-License-Identifier: Apache-2.0
// oracle: batches -> sums by group, in a map of values. The slow, obvious twin of the aggregator.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "weir/aggregate.hpp"

namespace weir {

class GroupOracle {
 public:
  explicit GroupOracle(std::vector<GroupKey> keys) : keys_(std::move(keys)) {}

  void add(const Batch& batch, const Selection& selection) {
    for (std::size_t i = 0; i < selection.count; ++i) add_row(batch, selection.rows[i]);
  }

  std::uint64_t without_key() const { return without_key_; }
  std::size_t group_count() const { return groups_.size(); }
  GroupTotals total() const {
    GroupTotals total;
    for (const auto& [values, totals] : groups_) total.add(totals);
    return total;
  }
  std::vector<Group> sorted() const {
    std::vector<Group> groups;
    for (const auto& [values, totals] : groups_) groups.push_back({values, totals});
    return groups;
  }
  std::vector<Group> top(Measure measure, std::size_t limit) const {
    std::vector<Group> groups = sorted();
    std::stable_sort(groups.begin(), groups.end(), [=](const Group& a, const Group& b) {
      return measure_of(a.totals, measure) > measure_of(b.totals, measure);
    });
    if (groups.size() > limit) groups.resize(limit);
    return groups;
  }

 private:
  static std::uint64_t bucket(std::uint64_t time, const GroupKey& key) {
    if (key.bucket_seconds == 0) return time;
    if (time >> 63 != 0) return 0;  // a negative number: before 1970
    constexpr std::uint64_t kLatestOfZones = 253'402'300'799;
    const std::int64_t offset =
        key.zone.offset_at(static_cast<std::int64_t>(std::min(time, kLatestOfZones)));
    const __int128 civil = static_cast<__int128>(time) + offset;
    __int128 start = civil / key.bucket_seconds * key.bucket_seconds;
    if (start > civil) start -= key.bucket_seconds;
    return start < offset ? 0 : static_cast<std::uint64_t>(start - offset);
  }

  static GroupValue value(const Batch& batch, std::size_t row, const GroupKey& key) {
    const int index = batch.format->index_of(key.field);
    if (index < 0) return std::monostate{};
    const Column& column = batch.columns[static_cast<std::size_t>(index)];
    if (!column.decoded || column.nulls.test(row)) return std::monostate{};
    const FieldId id = find_field(key.field);
    switch (id == FieldId::unknown ? FieldType::text : field_info(id).type) {
      case FieldType::address:
        return column.addresses[row];
      case FieldType::text:
        return std::string(column.texts[row]);
      default:
        return bucket(column.numbers[row], key);
    }
  }

  void add_row(const Batch& batch, std::size_t row) {
    std::vector<GroupValue> values;
    for (const GroupKey& key : keys_) values.push_back(value(batch, row, key));
    const bool any = std::any_of(values.begin(), values.end(), [](const GroupValue& value) {
      return !std::holds_alternative<std::monostate>(value);
    });
    if (!any && !keys_.empty()) {
      ++without_key_;
      return;
    }
    GroupTotals& totals = groups_[values];
    ++totals.flows;
    if (const Column* packets = batch.find(FieldId::packets);
        packets != nullptr && !packets->nulls.test(row)) {
      totals.packets += packets->numbers[row];
      ++totals.with_packets;
    }
    if (const Column* bytes = batch.find(FieldId::bytes);
        bytes != nullptr && !bytes->nulls.test(row)) {
      totals.bytes += bytes->numbers[row];
      ++totals.with_bytes;
    }
  }

  std::vector<GroupKey> keys_;
  std::map<std::vector<GroupValue>, GroupTotals> groups_;
  std::uint64_t without_key_ = 0;
};

}  // namespace weir
