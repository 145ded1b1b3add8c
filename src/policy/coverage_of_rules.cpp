// SPDX-License-Identifier: Apache-2.0
// policy: rules as sets of packets, compared.
#include "policy/coverage_of_rules.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "base/prefix.hpp"
#include "base/protocol.hpp"
#include "base/range_set.hpp"
#include "policy/traffic.hpp"

namespace weir::policy {
namespace {

/// Stands for every protocol that no entry names.
constexpr std::int16_t kOtherProtocol = -2;

/// An entry's part in one protocol.
struct Part {
  PortRange ports;
  Cidr peer;
};

bool cover_addresses(const std::vector<Part>& parts, std::uint32_t port, const Cidr& peer) {
  std::vector<base::ValueRange<Ip>> ranges;
  for (const Part& part : parts) {
    if (port < part.ports.from || part.ports.to < port) continue;
    ranges.push_back({part.peer.network, base::last_of(part.peer)});
  }
  const base::RangeSet<Ip> joined(std::move(ranges));
  return std::any_of(joined.ranges().begin(), joined.ranges().end(), [&](const auto& range) {
    return range.low <= peer.network && base::last_of(peer) <= range.high;
  });
}

/// Ports at which another set of parts begins to count: it is enough to look at these.
std::vector<std::uint32_t> turning_points(const std::vector<Part>& parts, const PortRange& ports) {
  std::vector<std::uint32_t> points{ports.from};
  for (const Part& part : parts) {
    for (const std::uint32_t point : {std::uint32_t{part.ports.from}, part.ports.to + 1U}) {
      if (ports.from < point && point <= ports.to) points.push_back(point);
    }
  }
  return points;
}

bool cover_protocol(std::span<const AclEntry* const> entries, const AclEntry& entry,
                    std::int16_t protocol) {
  TrafficMatch wanted = meaning_of(traffic_of(entry));
  if (wanted.protocol == kAnyProtocol) {
    wanted = TrafficMatch{};
    wanted.protocol = protocol;
  }
  std::vector<Part> parts;
  for (const AclEntry* other : entries) {
    TrafficMatch traffic = meaning_of(traffic_of(*other));
    const PortRange ports = traffic.ports;
    traffic.ports = wanted.ports;  // compared below
    if (contains(traffic, wanted)) parts.push_back({ports, other->peer});
  }
  const std::vector<std::uint32_t> points = turning_points(parts, wanted.ports);
  return std::all_of(points.begin(), points.end(),
                     [&](std::uint32_t port) { return cover_addresses(parts, port, entry.peer); });
}

}  // namespace

TrafficMatch meaning_of(TrafficMatch traffic) noexcept {
  if (!base::has_ports(traffic.protocol)) traffic.ports = {};
  if (!base::has_icmp_types(traffic.protocol)) traffic.icmp_type = -1;
  if (traffic.icmp_type < 0) traffic.icmp_code = -1;
  return traffic;
}

bool contains(const TrafficMatch& outer, const TrafficMatch& inner) noexcept {
  if (outer.protocol == kAnyProtocol) return true;
  if (outer.protocol != inner.protocol) return false;
  if (inner.ports.from < outer.ports.from || outer.ports.to < inner.ports.to) return false;
  if (outer.icmp_type < 0) return true;
  return outer.icmp_type == inner.icmp_type &&
         (outer.icmp_code < 0 || outer.icmp_code == inner.icmp_code);
}

bool cover(std::span<const AclEntry* const> entries, const AclEntry& entry) {
  std::vector<const AclEntry*> of_family;
  std::set<std::int16_t> protocols;
  for (const AclEntry* other : entries) {
    if (!base::holds_all(other->peer, entry.peer) && !base::holds_all(entry.peer, other->peer))
      continue;
    of_family.push_back(other);
    if (other->traffic.protocol != kAnyProtocol) protocols.insert(other->traffic.protocol);
  }
  if (entry.traffic.protocol != kAnyProtocol) {
    return cover_protocol(of_family, entry, entry.traffic.protocol);
  }
  protocols.insert(kOtherProtocol);
  return std::all_of(protocols.begin(), protocols.end(), [&](std::int16_t protocol) {
    return cover_protocol(of_family, entry, protocol);
  });
}

}  // namespace weir::policy
