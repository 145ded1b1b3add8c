// SPDX-License-Identifier: Apache-2.0
// conversation: where one conversation ends and the next one begins.
#include "conversation/stitch.hpp"

#include <algorithm>
#include <limits>

#include "base/protocol.hpp"
#include "conversation/opening.hpp"

namespace weir::conversation {
namespace {

// The end of one record and the start of the next may both be off.
constexpr std::int64_t kIdleSlack = 2 * base::kTimeSlack;

/// What the conversation that is being gathered has seen.
class Gathering {
 public:
  /// True if the record belongs to a conversation after this one.
  bool ends_before(const FlowRecord& record) const {
    if (previous_ == nullptr) return false;
    if (record.start - last_ > idle_limit(record) + kIdleSlack) return true;
    if (record.protocol != base::kTcp || (record.tcp_flags & base::kSyn) == 0 ||
        is_repeated(record)) {
      return false;
    }
    const bool is_reply = (record.tcp_flags & base::kSynAck) == base::kSynAck;
    if (is_closed_) {
      // A SYN in a later window than the FIN or RST reuses the ports. Its SYN-ACK begins in the
      // same second at the earliest.
      if (is_reply ? record.start > closed_ : record.start >= closed_) return true;
    }
    if (is_reply || !has_syn_ || record.start <= syn_end_) return false;
    return is_first_way(record) == syn_is_first_way_ && is_answered_;
  }

  void add(const FlowRecord& record) {
    if (previous_ == nullptr) first_ = &record;
    previous_ = &record;
    last_ = std::max(last_, record.end);
    if (record.protocol != base::kTcp) return;
    if ((record.tcp_flags & (base::kFin | base::kRst)) != 0) {
      is_closed_ = true;
      closed_ = std::max(closed_, record.end);
    }
    if (has_syn_ && is_first_way(record) != syn_is_first_way_) is_answered_ = true;
    if ((record.tcp_flags & base::kSynAck) == base::kSyn) {
      has_syn_ = true;
      syn_is_first_way_ = is_first_way(record);
      syn_end_ = record.end;
    }
  }

 private:
  bool is_first_way(const FlowRecord& record) const {
    return record.packet_source == first_->packet_source &&
           record.source_port == first_->source_port;
  }

  /// The record of an overlapping flow log: the same window of the same packets.
  bool is_repeated(const FlowRecord& record) const {
    return record.start == previous_->start && record.end == previous_->end &&
           record.packet_source == previous_->packet_source &&
           record.source_port == previous_->source_port;
  }

  std::int64_t idle_limit(const FlowRecord& record) const {
    switch (record.protocol) {
      case base::kTcp:
        // Without flags a new connection of the same ports cannot be told from the old one.
        return record.has_tcp_flags && previous_->has_tcp_flags && !is_closed_
                   ? base::kTcpIdle
                   : base::kNitroTcpIdle;
      case base::kUdp:
      case base::kIcmp:  // not documented
      case base::kIcmpv6:
        return base::kUdpStreamIdle;
      default:
        return base::kOtherIdle;
    }
  }

  const FlowRecord* first_ = nullptr;
  const FlowRecord* previous_ = nullptr;
  std::int64_t last_ = std::numeric_limits<std::int64_t>::min();
  std::int64_t closed_ = std::numeric_limits<std::int64_t>::min();
  std::int64_t syn_end_ = 0;
  bool is_closed_ = false;
  bool has_syn_ = false;
  bool syn_is_first_way_ = false;
  bool is_answered_ = false;
};

/// Sums do not wrap, whatever a log says.
void add_to(std::uint64_t& sum, std::uint64_t value) {
  sum = value > ~sum ? ~std::uint64_t{0} : sum + value;
}

}  // namespace

void stitch(std::span<const FlowRecord> records, const StitchContext& context,
            std::vector<Conversation>& out) {
  Gathering gathering;
  std::size_t begin = 0;
  const auto close = [&](std::size_t end) {
    Conversation& conversation = out.emplace_back();
    conversation.interface = context.interface;
    conversation.records = records.subspan(begin, end - begin);
    find_opener(conversation, context.fan_in);
    count_ways(conversation);
    if (context.policy != nullptr && context.configured != Evaluator::kUnknownInterface) {
      weigh_rules(conversation, *context.policy, context.configured);
    }
    conversation.state = tcp_state_of(conversation);
    begin = end;
  };
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (gathering.ends_before(records[i])) {
      close(i);
      gathering = {};
    }
    gathering.add(records[i]);
  }
  if (begin < records.size()) close(records.size());
}

void count_ways(Conversation& conversation) {
  conversation.forward = conversation.backward = {};
  for (const FlowRecord& record : conversation.records) {
    ConversationWay& way =
        conversation.is_forward(record) ? conversation.forward : conversation.backward;
    if (way.flows == 0) way.first = record.start;
    way.last = way.flows == 0 ? record.end : std::max(way.last, record.end);
    ++way.flows;
    if (record.action == Action::accept) ++way.accepted;
    if (record.action == Action::reject) ++way.rejected;
    way.with_packets += record.has_packets ? 1 : 0;
    way.with_bytes += record.has_bytes ? 1 : 0;
    add_to(way.packets, record.packets);
    add_to(way.bytes, record.bytes);
    way.tcp_flags = static_cast<std::uint8_t>(way.tcp_flags | record.tcp_flags);
    if (!record.is_double) continue;
    ++way.double_flows;
    add_to(way.double_packets, record.packets);
    add_to(way.double_bytes, record.bytes);
  }
}

}  // namespace weir::conversation
