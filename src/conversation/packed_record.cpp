// SPDX-License-Identifier: Apache-2.0
// conversation: records packed, unpacked and put in order.
#include "conversation/packed_record.hpp"

#include <tuple>
#include <utility>

#include "base/protocol.hpp"

namespace weir::conversation {
namespace {

/// An end of a tuple.
struct End {
  Ip address;
  std::uint16_t port = 0;
  friend auto operator<=>(const End&, const End&) = default;
};

/// Both ends of the packets, the lower one first, and the protocol.
std::tuple<End, End, std::uint8_t> tuple_of(const RecordView& record) noexcept {
  const AddressTail addresses = ends_of(record).addresses;
  End first{.address = addresses.packet_source, .port = record.core->source_port};
  End second{.address = addresses.packet_destination, .port = record.core->destination_port};
  if (second < first) std::swap(first, second);
  return {first, second, record.core->protocol};
}

/// What opens a connection comes first among records that start in one second.
int opening_class(const PackedRecord& record) noexcept {
  if ((record.tcp_flags & base::kSynAck) == base::kSyn) return 0;
  return (record.tcp_flags & base::kSynAck) == base::kSynAck ? 1 : 2;
}

auto values_of(const RecordView& record) noexcept {
  const PackedRecord& core = *record.core;
  const auto [addresses, end] = ends_of(record);
  return std::tuple(end, addresses.packet_source, core.source_port, addresses.source,
                    addresses.destination, core.packets, core.bytes, core.tcp_flags, core.bits,
                    core.interface);
}

}  // namespace

bool pack_ends(const RecordEnds& ends, const TupleHash& hash, PackedRecord& core,
               PackedRecord& tail) noexcept {
  const AddressTail& addresses = ends.addresses;
  core.hash = hash.of(addresses.packet_source, core.source_port, addresses.packet_destination,
                      core.destination_port, core.protocol);
  // Modulo 2^64: an end before the start, or far behind it, is more than 32 bits hold.
  const std::uint64_t seconds =
      static_cast<std::uint64_t>(ends.end) - static_cast<std::uint64_t>(core.start);
  if (addresses.source.is_ipv4() && addresses.destination.is_ipv4() &&
      addresses.packet_source == addresses.source &&
      addresses.packet_destination == addresses.destination && seconds >> 32 == 0) {
    core.ends = addresses.source.low << 32 | (addresses.destination.low & 0xffff'ffff);
    core.seconds = static_cast<std::uint32_t>(seconds);
    return false;
  }
  core.ends = static_cast<std::uint64_t>(ends.end);
  core.seconds = 0;
  core.bits |= PackedRecord::kHasTail;
  tail = std::bit_cast<PackedRecord>(addresses);
  return true;
}

bool same_tuple(const RecordView& a, const RecordView& b) noexcept {
  if (a.core->hash != b.core->hash) return false;
  if (a.tail == nullptr && b.tail == nullptr && a.core->protocol == b.core->protocol) {
    const auto ports = [](const RecordView& record) {
      return std::pair(record.core->source_port, record.core->destination_port);
    };
    if (a.core->ends == b.core->ends && ports(a) == ports(b)) return true;
    if (a.core->ends == (b.core->ends << 32 | b.core->ends >> 32) &&
        ports(a) == std::pair(ports(b).second, ports(b).first)) {
      return true;
    }
  }
  return tuple_of(a) == tuple_of(b);
}

bool comes_before(const RecordView& a, const RecordView& b) noexcept {
  if (a.core->hash != b.core->hash) return a.core->hash < b.core->hash;
  if (!same_tuple(a, b)) return tuple_of(a) < tuple_of(b);
  if (a.core->start != b.core->start) return a.core->start < b.core->start;
  const int left = opening_class(*a.core);
  const int right = opening_class(*b.core);
  if (left != right) return left < right;
  return values_of(a) < values_of(b);
}

FlowRecord unpack(const PackedRecord& core, const RecordEnds& ends) noexcept {
  const AddressTail& addresses = ends.addresses;
  FlowRecord flow;
  flow.source = addresses.source;
  flow.destination = addresses.destination;
  flow.packet_source = addresses.packet_source;
  flow.packet_destination = addresses.packet_destination;
  flow.packets = core.packets;
  flow.bytes = core.bytes;
  flow.start = core.start;
  flow.end = ends.end;
  flow.source_port = core.source_port;
  flow.destination_port = core.destination_port;
  flow.protocol = core.protocol;
  flow.tcp_flags = core.tcp_flags;
  flow.action = core.action();
  flow.reject_reason =
      static_cast<LoggedRejectReason>(core.bits >> PackedRecord::kRejectReason & 3);
  flow.has_tcp_flags = (core.bits & PackedRecord::kHasFlags) != 0;
  flow.has_packets = (core.bits & PackedRecord::kHasPackets) != 0;
  flow.has_bytes = (core.bits & PackedRecord::kHasBytes) != 0;
  flow.has_packet_addresses = (core.bits & PackedRecord::kHasPacketAddresses) != 0;
  flow.has_reject_reason = (core.bits & PackedRecord::kHasRejectReason) != 0;
  flow.selected = (core.bits & PackedRecord::kSelected) != 0;
  return flow;
}

}  // namespace weir::conversation
