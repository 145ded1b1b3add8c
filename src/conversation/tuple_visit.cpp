// SPDX-License-Identifier: Apache-2.0
// conversation: the records of a tuple, by interface, stitched.
#include "conversation/tuple_visit.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "conversation/stitch.hpp"

namespace weir::conversation {
namespace {

bool same_values(const FlowRecord& a, const FlowRecord& b) {
  const auto values = [](const FlowRecord& record) {
    return std::tie(record.start, record.end, record.packets, record.bytes, record.source,
                    record.destination, record.packet_source, record.packet_destination,
                    record.source_port, record.tcp_flags, record.action, record.side,
                    record.reject_reason, record.has_tcp_flags, record.has_packets,
                    record.has_bytes, record.has_packet_addresses, record.selected);
  };
  return values(a) == values(b);
}

/// Records that are alike in all values come in the order of the input, however they got here.
void order_alike(std::span<FlowRecord> records) {
  for (std::size_t begin = 0; begin < records.size();) {
    std::size_t end = begin + 1;
    while (end < records.size() && same_values(records[begin], records[end])) ++end;
    if (end - begin > 1) {
      std::sort(records.begin() + static_cast<std::ptrdiff_t>(begin),
                records.begin() + static_cast<std::ptrdiff_t>(end),
                [](const FlowRecord& a, const FlowRecord& b) { return a.sequence < b.sequence; });
    }
    begin = end;
  }
}

}  // namespace

bool TupleVisit::continues(const RecordView& record) const noexcept {
  return same_tuple(record, {.core = &core_, .tail = core_.has_tail() ? &tail_ : nullptr});
}

void TupleVisit::add(const RecordView& record) {
  if (!records_.empty() && !continues(record)) emit(records_.size());
  if (records_.size() == Conversations::kMostRecords) emit_full();
  if (records_.empty()) {
    core_ = *record.core;
    if (record.tail != nullptr) tail_ = *record.tail;
  }
  const std::uint32_t rank = context_.ranks[record.core->interface];
  const RecordEnds ends = ends_of(record);
  FlowRecord& flow = records_.emplace_back(unpack(*record.core, ends));
  flow.side_origin = context_.own[rank].side_of(record, ends, flow.side);
  flow.sequence = context_.block_begin[record.core->block] + record.core->row;
  if (context_.legs != nullptr) {
    flow.is_double =
        context_.legs->has_inner_leg(*record.core, ends.addresses, context_.interfaces[rank].id);
  }
  ranks_.push_back(rank);
}

/// Cuts between two seconds, so that the cut is the same whatever the order of the input.
void TupleVisit::emit_full() {
  std::size_t count = records_.size();
  while (count > 0 && records_[count - 1].start == records_.back().start) --count;
  emit(count > 0 ? count : records_.size());
}

void TupleVisit::emit(std::size_t count) {
  if (count == 0) return;
  sort_by_interface(count);
  stitch_all(count);
  if (context_.legs != nullptr) mark();
  visitor_.take(conversations_);
  records_.erase(records_.begin(), records_.begin() + static_cast<std::ptrdiff_t>(count));
  ranks_.erase(ranks_.begin(), ranks_.begin() + static_cast<std::ptrdiff_t>(count));
}

/// Puts the first records and their ranks in the order of interfaces; at one interface they stay in
/// that of time.
void TupleVisit::sort_by_interface(std::size_t count) {
  const auto begin = ranks_.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(count);
  if (std::is_sorted(begin, end)) return;
  order_.resize(count);
  std::iota(order_.begin(), order_.end(), std::uint32_t{0});
  std::stable_sort(order_.begin(), order_.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return ranks_[a] < ranks_[b]; });
  sorted_.clear();
  for (const std::uint32_t place : order_) sorted_.push_back(records_[place]);
  std::copy(sorted_.begin(), sorted_.end(), records_.begin());
  std::sort(begin, end);
}

void TupleVisit::stitch_all(std::size_t count) {
  conversations_.clear();
  interfaces_.clear();
  starts_.clear();
  const std::span<FlowRecord> records(records_.data(), count);
  for (std::size_t first = 0; first < count;) {
    std::size_t end = first + 1;
    while (end < count && ranks_[end] == ranks_[first]) ++end;
    const std::span<FlowRecord> here = records.subspan(first, end - first);
    order_alike(here);
    starts_.push_back(conversations_.size());
    stitch(here,
           {.interface = ranks_[first],
            .fan_in = context_.fan_in,
            .policy = context_.policy,
            .configured = context_.interfaces[ranks_[first]].configured},
           conversations_);
    interfaces_.push_back({.interface = ranks_[first],
                           .only_forwards = only_forwards(context_.interfaces[ranks_[first]].id),
                           .records = here,
                           .conversations = {}});
    first = end;
  }
  starts_.push_back(conversations_.size());
  for (std::size_t i = 0; i < interfaces_.size(); ++i) {
    interfaces_[i].conversations =
        std::span(conversations_).subspan(starts_[i], starts_[i + 1] - starts_[i]);
  }
}

void TupleVisit::mark() {
  mark_doubles(interfaces_);
  for (Conversation& conversation : conversations_) {
    const auto is_double = [](const FlowRecord& record) { return record.is_double; };
    if (std::any_of(conversation.records.begin(), conversation.records.end(), is_double)) {
      count_ways(conversation);
    }
  }
}

}  // namespace weir::conversation
