// SPDX-License-Identifier: Apache-2.0
// fuzz: bytes -> read_configuration. Files are divided by two zero bytes. What was read is in order
// and can be found, what was not is told with its place, and reading the same once more adds
// nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "weir/policy.hpp"

namespace {

constexpr std::string_view kDivider("\0\0", 2);

void require(bool condition) {
  if (!condition) std::abort();
}

weir::ConfigurationReport read_all(std::string_view bytes, weir::Network& network) {
  weir::ConfigurationReport report;
  std::string_view name = "pl-0123abc.json";
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find(kDivider), bytes.size());
    weir::read_configuration(name, bytes.substr(0, end), network, report);
    bytes.remove_prefix(std::min(end + kDivider.size(), bytes.size()));
    name = "more.json";
  }
  network.index();
  return report;
}

bool same(const weir::Network& a, const weir::Network& b) {
  return a.groups == b.groups && a.acls == b.acls && a.prefix_lists == b.prefix_lists &&
         a.subnets == b.subnets && a.vpcs == b.vpcs && a.interfaces == b.interfaces;
}

void check_traffic(const weir::TrafficMatch& traffic) {
  require(traffic.protocol >= weir::kAnyProtocol && traffic.protocol <= 255);
  require(traffic.ports.from <= traffic.ports.to);
  require(traffic.ports.is_all() || traffic.protocol == 6 || traffic.protocol == 17);
  require(traffic.icmp_type < 0 || traffic.protocol == 1 || traffic.protocol == 58);
  require(traffic.icmp_type >= 0 || traffic.icmp_code < 0);
}

void check_network(const weir::Network& network) {
  for (const weir::SecurityGroup& group : network.groups) {
    require(network.find_group(group.id) == &group);
    std::uint32_t next[2] = {0, 0};
    for (const weir::SecurityGroupRule& rule : group.rules) {
      check_traffic(rule.traffic);
      require(rule.index == next[static_cast<std::size_t>(rule.direction)]++);
      if (const auto* list = std::get_if<weir::PrefixListReference>(&rule.peer)) {
        require(network.find_prefix_list(list->id) != nullptr);
      }
    }
  }
  for (const weir::NetworkAcl& acl : network.acls) {
    require(network.find_acl(acl.id) == &acl);
    for (const weir::AclEntry& entry : acl.entries) {
      check_traffic(entry.traffic);
      require(entry.number > 0 && entry.number < weir::kImplicitDenyIpv4);
    }
  }
  for (const weir::NetworkInterface& interface : network.interfaces) {
    require(network.find_interface(interface.id) == &interface);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  weir::Network network;
  const weir::ConfigurationReport report = read_all(bytes, network);
  check_network(network);
  for (const weir::Error& error : report.skipped) {
    require(!error.message.empty() && !error.where.empty());
  }
  // Another time, with files in between that differ, could change more.
  if (bytes.find(kDivider) != std::string_view::npos) return 0;
  weir::Network again = network;
  read_all(bytes, again);
  require(same(network, again));
  return 0;
}
