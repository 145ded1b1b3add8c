// SPDX-License-Identifier: Apache-2.0
// conversation: inner and outer legs of NAT gateways.
#include "conversation/nat_legs.hpp"

#include "conversation/interface_log.hpp"

namespace weir::conversation {
namespace {

bool is_regional(std::string_view interface) noexcept { return interface.starts_with("nat-"); }

}  // namespace

void NatLegs::Part::add(const PackedRecord& core, const AddressTail& addresses,
                        std::string_view interface) {
  const auto& [source, destination, packet_source, packet_destination] = addresses;
  const TupleHash& hash = legs_.hash_;
  if (packet_destination != destination) {
    note(hash.of_remote(core.interface, destination, packet_destination, core.destination_port,
                        core.protocol));
  }
  if (packet_source != source) {
    note(hash.of_remote(core.interface, source, packet_source, core.source_port, core.protocol));
  }
  if (!is_regional(interface) || is_private(source) == is_private(destination)) return;
  if (is_private(source)) {
    note(hash.of_remote(core.interface, {}, destination, core.destination_port, core.protocol));
  } else {
    note(hash.of_remote(core.interface, {}, source, core.source_port, core.protocol));
  }
}

void NatLegs::Part::note(std::uint64_t end) {
  std::uint64_t& place = recent_[end >> 54];
  if (place == end) return;
  place = end;
  legs_.insert(end);
}

void NatLegs::insert(std::uint64_t end) {
  const std::lock_guard lock(mutex_);
  if (is_full_) return;
  ends_.insert(end);
  if (ends_.size() <= kMostEnds) return;
  is_full_ = true;
  ends_ = {};
}

bool NatLegs::has_inner_leg(const PackedRecord& core, const AddressTail& addresses,
                            std::string_view interface) const {
  const auto& [source, destination, packet_source, packet_destination] = addresses;
  if (ends_.empty() || packet_source != source || packet_destination != destination) return false;
  const auto has = [&](const Ip& own, const Ip& remote, std::uint16_t port) {
    return contains(hash_.of_remote(core.interface, own, remote, port, core.protocol));
  };
  if (!is_regional(interface)) {
    return has(source, destination, core.destination_port) ||
           has(destination, source, core.source_port);
  }
  if (is_private(source) || is_private(destination)) return false;
  return has({}, destination, core.destination_port) || has({}, source, core.source_port);
}

}  // namespace weir::conversation
