// SPDX-License-Identifier: Apache-2.0
// conversation: a record in 64 bytes, or in 128 if it needs its addresses in full.
#pragma once

#include <bit>
#include <cstdint>

#include "conversation/tuple_hash.hpp"
#include "weir/conversation.hpp"

namespace weir::conversation {

/// What flow-direction says.
enum class LoggedDirection : std::uint8_t { none, ingress, egress };

/// Times beyond this are taken for this: 2^52 seconds.
inline constexpr std::uint64_t kLatest = std::uint64_t{1} << 52;

/// A record, or the first half of one. Left uninitialised: blocks of them are filled at once.
struct PackedRecord {
  std::uint64_t hash;  ///< of the packets' 5-tuple
  /// srcaddr and dstaddr, if both are IPv4 and are the packets' own; else the end of the window,
  /// and the addresses are in an AddressTail that follows.
  std::uint64_t ends;
  std::uint64_t packets;
  std::uint64_t bytes;
  std::int64_t start;   ///< times are at most kLatest, so that sums cannot overflow
  std::uint32_t block;  ///< of the input, and the row in it
  std::uint32_t row;
  std::uint32_t interface;  ///< number of its id among the texts
  std::uint32_t seconds;    ///< from start to end; meaningless where a tail follows
  std::uint16_t source_port;
  std::uint16_t destination_port;
  std::uint8_t protocol;
  std::uint8_t tcp_flags;
  std::uint16_t bits;

  // Places in `bits`.
  static constexpr unsigned kAction = 0;        // 2 bits
  static constexpr unsigned kDirection = 2;     // 2 bits
  static constexpr unsigned kRejectReason = 4;  // 2 bits
  static constexpr std::uint16_t kHasFlags = 1 << 6;
  static constexpr std::uint16_t kHasPackets = 1 << 7;
  static constexpr std::uint16_t kHasBytes = 1 << 8;
  static constexpr std::uint16_t kSelected = 1 << 9;
  static constexpr std::uint16_t kHasTail = 1 << 10;
  static constexpr std::uint16_t kHasPacketAddresses = 1 << 11;
  static constexpr std::uint16_t kHasRejectReason = 1 << 12;

  bool has_tail() const noexcept { return (bits & kHasTail) != 0; }
  Action action() const noexcept { return static_cast<Action>(bits >> kAction & 3); }
  LoggedDirection direction() const noexcept {
    return static_cast<LoggedDirection>(bits >> kDirection & 3);
  }
};
static_assert(sizeof(PackedRecord) == 64);

/// The second half.
struct AddressTail {
  Ip source;
  Ip destination;
  Ip packet_source;
  Ip packet_destination;
};
static_assert(sizeof(AddressTail) == sizeof(PackedRecord));

/// A record where it is kept. `tail` is null if it has none.
struct RecordView {
  const PackedRecord* core = nullptr;
  const PackedRecord* tail = nullptr;

  std::size_t units() const noexcept { return tail == nullptr ? 1 : 2; }
};

/// The addresses and the end, wherever they are kept.
struct RecordEnds {
  AddressTail addresses;
  std::int64_t end = 0;
};
inline RecordEnds ends_of(const RecordView& record) noexcept {
  const PackedRecord& core = *record.core;
  if (record.tail != nullptr) {
    return {.addresses = std::bit_cast<AddressTail>(*record.tail),
            .end = static_cast<std::int64_t>(core.ends)};
  }
  const Ip source = Ip::from_ipv4(static_cast<std::uint32_t>(core.ends >> 32));
  const Ip destination = Ip::from_ipv4(static_cast<std::uint32_t>(core.ends));
  return {.addresses = {.source = source,
                        .destination = destination,
                        .packet_source = source,
                        .packet_destination = destination},
          .end = core.start + static_cast<std::int64_t>(core.seconds)};
}

/// Puts addresses and end where they belong, and sets the hash. Returns true if `tail` is needed.
bool pack_ends(const RecordEnds& ends, const TupleHash& hash, PackedRecord& core,
               PackedRecord& tail) noexcept;

/// True if both records have one 5-tuple of packets, whatever their directions.
bool same_tuple(const RecordView& a, const RecordView& b) noexcept;

/// The order in which records are kept: tuple by tuple; those of a tuple by start; at one instant
/// SYN before SYN-ACK before others; then by end, and by all other values but `block` and `row`.
bool comes_before(const RecordView& a, const RecordView& b) noexcept;

/// Everything but what depends on other records: interface, side, sequence.
FlowRecord unpack(const PackedRecord& core, const RecordEnds& ends) noexcept;

}  // namespace weir::conversation
