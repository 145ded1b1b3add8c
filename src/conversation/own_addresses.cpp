// SPDX-License-Identifier: Apache-2.0
// conversation: which ends of records are the interface's own, and so which way they went.
#include <algorithm>

#include "base/address_blocks.hpp"
#include "conversation/interface_log.hpp"

namespace weir::conversation {
namespace {

bool contains(const std::vector<Ip>& addresses, const Ip& address) noexcept {
  return std::find(addresses.begin(), addresses.end(), address) != addresses.end();
}

bool contains(const std::vector<Cidr>& prefixes, const Ip& address) noexcept {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const Cidr& prefix) { return prefix.contains(address); });
}

Side side_between(bool source_is_own, bool destination_is_own) noexcept {
  if (source_is_own == destination_is_own) return Side::unknown;
  return source_is_own ? Side::outbound : Side::inbound;
}

}  // namespace

/// No interface of a VPC has a link-local address for its own in a log.
bool is_private(const Ip& address) noexcept {
  return base::is_private(address) && !base::kLinkLocalIpv4.contains(address) &&
         !base::kLinkLocalIpv6.contains(address);
}

OwnAddresses OwnAddresses::resolve(std::string_view id, const InterfaceLog& log,
                                   const Evaluator* policy) {
  OwnAddresses own;
  if (policy != nullptr) own.configure(*policy, id);
  if (!only_forwards(id)) own.infer(log);
  // Records without an interface are of any number of them.
  own.private_is_own_ = !id.empty() && !only_forwards(id);
  return own;
}

void OwnAddresses::configure(const Evaluator& policy, std::string_view id) {
  configured_ = policy.find_interface(id);
  if (configured_ == Evaluator::kUnknownInterface) return;
  const NetworkInterface& interface = policy.network().interfaces[configured_];
  configured_addresses_ = interface.addresses;
  configured_prefixes_ = interface.prefixes;
  if (configured_addresses_.empty()) return;
  addresses_ = configured_addresses_;
  origin_ = SideOrigin::configuration;
}

/// Every record has an address of the interface at one end. An IPv4 address is always the same one,
/// whichever of several private ones the packets were for (AWS VPC User Guide, "Flow log records",
/// srcaddr and dstaddr). IPv6 addresses may be several, of one subnet.
void OwnAddresses::infer(const InterfaceLog& log) {
  inferred_ = log.named;
  SideOrigin origin = log.named.empty() ? SideOrigin::unknown : SideOrigin::flow_direction;
  const auto learn = [&](const Ip& address, SideOrigin how) {
    if (!contains(inferred_, address)) inferred_.push_back(address);
    if (origin == SideOrigin::unknown) origin = how;
  };
  for (const CommonEnds* const ends : {&log.ipv4, &log.ipv6}) {
    if (ends->only() != nullptr) learn(*ends->only(), SideOrigin::common_address);
  }
  if (log.ipv6.none() && log.ipv6_subnets.only() != nullptr) {
    inferred_subnets_.push_back({.network = *log.ipv6_subnets.only(), .length = 64});
  }
  std::vector<Ip> shown = inferred_;
  if (const Ip* const two = log.ipv4.two(); two != nullptr && log.named.empty()) {
    // A single peer: the private end is shown as the interface's, but each record is judged anew.
    const Ip& second = log.ipv4.second();
    if (is_private(*two) != is_private(second)) {
      shown.push_back(is_private(*two) ? *two : second);
      if (origin == SideOrigin::unknown) origin = SideOrigin::private_address;
    }
  }
  if (origin_ == SideOrigin::configuration) return;
  std::sort(shown.begin(), shown.end());
  addresses_ = std::move(shown);
  origin_ = origin;
}

bool OwnAddresses::is_configured(const Ip& address) const noexcept {
  return contains(configured_addresses_, address) || contains(configured_prefixes_, address);
}

bool OwnAddresses::is_inferred(const Ip& address) const noexcept {
  return contains(inferred_, address) || contains(inferred_subnets_, address);
}

SideOrigin OwnAddresses::side_of(const RecordView& record, const RecordEnds& ends,
                                 Side& side) const noexcept {
  switch (record.core->direction()) {
    case LoggedDirection::ingress:
      side = Side::inbound;
      return SideOrigin::flow_direction;
    case LoggedDirection::egress:
      side = Side::outbound;
      return SideOrigin::flow_direction;
    case LoggedDirection::none:
      break;
  }
  const auto& [source, destination, packet_source, packet_destination] = ends.addresses;
  // Delegated prefixes and secondary addresses show as the packets' addresses.
  side = side_between(is_configured(source) || is_configured(packet_source),
                      is_configured(destination) || is_configured(packet_destination));
  if (side != Side::unknown) return SideOrigin::configuration;
  side = side_between(is_inferred(source), is_inferred(destination));
  if (side != Side::unknown) return SideOrigin::common_address;
  // An interface's IPv4 address in a log is its private one, also where packets came for a public
  // address (AWS VPC User Guide, "Flow log records", dstaddr).
  if (private_is_own_ && source.is_ipv4() && destination.is_ipv4()) {
    side = side_between(is_private(source), is_private(destination));
    if (side != Side::unknown) return SideOrigin::private_address;
  }
  return SideOrigin::unknown;
}

}  // namespace weir::conversation
