// SPDX-License-Identifier: Apache-2.0
// conversation: which records of a NAT gateway are translations of others.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_set>

#include "conversation/packed_record.hpp"

namespace weir::conversation {

/// Remote ends that the inner legs of NAT gateways name.
///
/// A NAT gateway logs a packet twice: between the instance and itself, with the remote end in
/// pkt-srcaddr or pkt-dstaddr, and between itself and the remote end, with a port of its own. The
/// second is a copy of the first if the first is in the log. A regional one, whose interface is
/// `-`, logs the remote end itself in both, and its public address in the second.
/// Source: VPC User Guide, "Flow log record examples", NAT gateways.
class NatLegs {
 public:
  /// Beyond this number of remote ends no outer leg is taken for a copy.
  static constexpr std::size_t kMostEnds = std::size_t{1} << 22;

  explicit NatLegs(const TupleHash& hash) : hash_(hash) {}

  /// A thread's way to add.
  class Part {
   public:
    explicit Part(NatLegs& legs) : legs_(legs) {}
    /// Notes the remote end if the record is an inner leg.
    void add(const PackedRecord& core, const AddressTail& addresses, std::string_view interface);

   private:
    void note(std::uint64_t end);

    NatLegs& legs_;
    std::array<std::uint64_t, 1024> recent_{};  // ends that this thread has just added
  };

  /// True if the record is an outer leg whose inner leg is in the log. Threads: any, once nobody
  /// adds.
  bool has_inner_leg(const PackedRecord& core, const AddressTail& addresses,
                     std::string_view interface) const;

 private:
  void insert(std::uint64_t end);
  bool contains(std::uint64_t end) const { return ends_.contains(end); }

  TupleHash hash_;
  std::mutex mutex_;
  std::unordered_set<std::uint64_t> ends_;
  bool is_full_ = false;
};

}  // namespace weir::conversation
