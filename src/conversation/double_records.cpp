// SPDX-License-Identifier: Apache-2.0
// conversation: which records are copies.
#include "conversation/double_records.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

#include "base/protocol.hpp"

namespace weir::conversation {
namespace {

/// One flow log writes one record a window, tuple and action. A format without packets or bytes
/// proves nothing: then windows are all that is left, and they do.
bool is_same_record(const FlowRecord& a, const FlowRecord& b) {
  const auto values = [](const FlowRecord& record) {
    return std::tuple(record.start, record.end, record.packet_source, record.source_port,
                      record.source, record.destination, record.action, record.packets,
                      record.bytes);
  };
  return values(a) == values(b);
}

void mark_repeated(std::span<FlowRecord> records) {
  // In a format without tcp-flags a record sorts behind others of its second, of which a real log
  // has a few.
  constexpr std::size_t kLookBack = 16;
  for (std::size_t i = 1; i < records.size(); ++i) {
    const std::size_t least = i - std::min(i, kLookBack);
    for (std::size_t j = i; j-- > least && records[j].start == records[i].start;) {
      if (!is_same_record(records[i], records[j])) continue;
      records[i].is_double = true;
      break;
    }
  }
}

/// An interface at which packets begin or end, as opposed to one that passes them on.
bool is_end(const FlowRecord& record) {
  return record.source == record.packet_source && record.destination == record.packet_destination;
}

/// Which interface counts: the lower, the nearer to the opener.
int rank_of(const InterfaceRecords& interface) {
  if (interface.only_forwards) return 4;
  if (!is_end(interface.records.front())) return 3;
  switch (interface.conversations.front().opened) {
    case Side::outbound:
      return 0;
    case Side::inbound:
      return 1;
    case Side::unknown:
      break;
  }
  return 2;
}

/// Windows of records of one way at one interface, by time.
class Windows {
 public:
  void add(const FlowRecord& record) {
    const std::int64_t before = latest_.empty() ? record.end : latest_.back();
    starts_.push_back(record.start);
    latest_.push_back(std::max(before, record.end));
  }
  bool overlaps(const FlowRecord& record) const {
    const auto behind =
        std::upper_bound(starts_.begin(), starts_.end(), record.end + base::kTimeSlack);
    if (behind == starts_.begin()) return false;
    return latest_[static_cast<std::size_t>(behind - starts_.begin()) - 1] >=
           record.start - base::kTimeSlack;
  }

 private:
  std::vector<std::int64_t> starts_;
  std::vector<std::int64_t> latest_;  // end of all up to this one
};

/// What one interface has seen of one way.
struct Seen {
  Windows passed;   // accepted
  Windows stopped;  // rejected on their way in: only whoever sent them has seen them too
  Side side = Side::unknown;
  bool is_end = true;
};

using BothWays = std::array<Seen, 2>;

std::size_t way_of(const FlowRecord& record, const FlowRecord& head) {
  return record.packet_source == head.packet_source && record.source_port == head.source_port ? 0
                                                                                              : 1;
}

/// Packets that were rejected on their way out, or in a direction that is not known, may have got
/// nowhere.
bool may_be_elsewhere(const FlowRecord& record) {
  return record.action != Action::reject || record.side == Side::inbound;
}

/// Two ends cannot both send, or both receive, the same packets: their networks only use the same
/// addresses.
bool excludes(const Seen& seen, const FlowRecord& record, bool only_forwards) {
  return seen.side != Side::unknown && seen.side == record.side && seen.is_end && is_end(record) &&
         !only_forwards;
}

bool is_copy(const FlowRecord& record, const Seen& seen, bool only_forwards) {
  if (!may_be_elsewhere(record) || excludes(seen, record, only_forwards)) return false;
  if (seen.passed.overlaps(record)) return true;
  return record.side == Side::outbound && seen.stopped.overlaps(record);
}

}  // namespace

void mark_doubles(std::span<InterfaceRecords> interfaces) {
  for (const InterfaceRecords& interface : interfaces) mark_repeated(interface.records);
  if (interfaces.size() < 2) return;
  std::vector<const InterfaceRecords*> order;
  for (const InterfaceRecords& interface : interfaces) order.push_back(&interface);
  std::stable_sort(order.begin(), order.end(),
                   [](const InterfaceRecords* a, const InterfaceRecords* b) {
                     return rank_of(*a) < rank_of(*b);
                   });
  const FlowRecord& head = interfaces.front().records.front();
  std::vector<BothWays> earlier;
  for (const InterfaceRecords* const interface : order) {
    BothWays seen;
    for (FlowRecord& record : interface->records) {
      const std::size_t way = way_of(record, head);
      const bool is_known = std::any_of(earlier.begin(), earlier.end(), [&](const BothWays& ways) {
        return is_copy(record, ways[way], interface->only_forwards);
      });
      if (may_be_elsewhere(record)) {
        Seen& mine = seen[way];
        (record.action == Action::reject ? mine.stopped : mine.passed).add(record);
        if (mine.side == Side::unknown) mine.side = record.side;
        mine.is_end = mine.is_end && is_end(record) && !interface->only_forwards;
      }
      record.is_double = record.is_double || is_known;
    }
    earlier.push_back(std::move(seen));
  }
}

}  // namespace weir::conversation
