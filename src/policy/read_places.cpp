// SPDX-License-Identifier: Apache-2.0
// policy: one item of an AWS answer -> an interface, a subnet, a VPC or a prefix list.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/excerpt.hpp"
#include "base/protocol.hpp"
#include "policy/read_items.hpp"

namespace weir::policy {
namespace {

/// Keeps the first of values that are there several times.
template <class Value>
void drop_repeats(std::vector<Value>& values) {
  std::set<Value> seen;
  const auto is_repeat = [&seen](const Value& value) { return !seen.insert(value).second; };
  values.erase(std::remove_if(values.begin(), values.end(), is_repeat), values.end());
}

/// Adds the prefix under `key`, if there is one.
void add_prefix(const JsonObject& object, std::string_view key, std::string_view item,
                ItemProblems& problems, std::vector<Cidr>& prefixes) {
  const std::optional<JsonElement> element = find_member(object, key);
  if (!element) return;
  Cidr cidr;
  if (const auto bad = read_cidr(*element, cidr)) {
    problems.add(item, bad->problem, bad->value);
  } else {
    prefixes.push_back(cidr);
  }
}

/// Adds the address under `key`, if there is one.
void add_address(const JsonObject& object, std::string_view key, std::string_view item,
                 ItemProblems& problems, std::vector<Ip>& addresses) {
  const std::string text = text_member(object, key);
  if (text.empty()) return;
  if (const std::optional<Ip> address = parse_ip(text)) {
    addresses.push_back(*address);
  } else {
    problems.add(item, fmt::format("{} '{}' is not an address", key, base::shown_word(text)),
                 fmt::format("\"{}\"", text));
  }
}

/// Adds the blocks of an association set, except those that are or will be no longer associated.
void add_associated(const JsonObject& object, std::string_view set, std::string_view key,
                    std::string_view state_key, std::string_view item, ItemProblems& problems,
                    std::vector<Cidr>& prefixes) {
  each_object(object, set, [&](const JsonObject& association, std::size_t) {
    const std::optional<JsonObject> state = find_object(association, state_key);
    const std::string word = state ? text_member(*state, "State") : std::string();
    if (!word.empty() && word != "associated" && word != "associating") return;
    add_prefix(association, key, item, problems, prefixes);
  });
}

/// Public addresses stand in the association of the interface and of each of its addresses.
void add_public(const JsonObject& object, std::string_view item, ItemProblems& problems,
                std::vector<Ip>& addresses) {
  const std::optional<JsonObject> association = find_object(object, "Association");
  if (!association) return;
  for (const std::string_view key : {"PublicIp", "CarrierIp", "CustomerOwnedIp"}) {
    add_address(*association, key, item, problems, addresses);
  }
}

void read_addresses(const JsonObject& item, ItemProblems& problems, NetworkInterface& interface) {
  const std::string& id = interface.id;
  add_address(item, "PrivateIpAddress", id, problems, interface.addresses);
  add_public(item, id, problems, interface.public_addresses);
  // The primary one first, also in answers that name it only here.
  for (const bool primary : {true, false}) {
    each_object(item, "PrivateIpAddresses", [&](const JsonObject& address, std::size_t) {
      if (flag_member(address, "Primary") != primary) return;
      add_address(address, "PrivateIpAddress", id, problems, interface.addresses);
      add_public(address, id, problems, interface.public_addresses);
    });
  }
  each_object(item, "Ipv6Addresses", [&](const JsonObject& address, std::size_t) {
    add_address(address, "Ipv6Address", id, problems, interface.addresses);
  });
  each_object(item, "Ipv4Prefixes", [&](const JsonObject& prefix, std::size_t) {
    add_prefix(prefix, "Ipv4Prefix", id, problems, interface.prefixes);
  });
  each_object(item, "Ipv6Prefixes", [&](const JsonObject& prefix, std::size_t) {
    add_prefix(prefix, "Ipv6Prefix", id, problems, interface.prefixes);
  });
  drop_repeats(interface.addresses);
  drop_repeats(interface.public_addresses);
  drop_repeats(interface.prefixes);
}

std::uint32_t seconds_member(const JsonObject& object, std::string_view key) {
  const std::int64_t seconds = number_member(object, key).value.value_or(0);
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 0, base::kTcpIdle));
}

/// Takes the id, or says that it is missing.
bool take_id(const JsonObject& item, std::string_view key, std::string_view what,
             ItemProblems& problems, std::string& id) {
  id = text_member(item, key);
  if (id.empty()) problems.add(what, fmt::format("{} is missing", key), {});
  return !id.empty();
}

}  // namespace

std::optional<NetworkInterface> read_interface(const JsonObject& item, ItemProblems& problems) {
  NetworkInterface interface;
  if (!take_id(item, "NetworkInterfaceId", "an interface without an id", problems, interface.id)) {
    return std::nullopt;
  }
  interface.type = text_member(item, "InterfaceType");
  interface.subnet_id = text_member(item, "SubnetId");
  interface.vpc_id = text_member(item, "VpcId");
  interface.account_id = text_member(item, "OwnerId");
  interface.description = text_member(item, "Description");
  interface.requester_managed = flag_member(item, "RequesterManaged");
  if (const auto attachment = find_object(item, "Attachment")) {
    interface.instance_id = text_member(*attachment, "InstanceId");
  }
  const std::size_t problems_before = problems.count();
  read_addresses(item, problems, interface);
  const auto no_group = [&](const std::string& value) {
    problems.add(interface.id, "a group of it has no GroupId", value);
  };
  each_object(
      item, "Groups",
      [&](const JsonObject& group, std::size_t) {
        std::string id = text_member(group, "GroupId");
        if (id.empty()) return no_group({});
        interface.group_ids.push_back(std::move(id));
      },
      [&](const JsonElement& element, std::size_t) { no_group(json_text(element)); });
  drop_repeats(interface.group_ids);
  interface.is_incomplete = problems.count() != problems_before;
  if (const auto tracking = find_object(item, "ConnectionTrackingConfiguration")) {
    interface.tcp_established_seconds = seconds_member(*tracking, "TcpEstablishedTimeout");
    interface.udp_seconds = seconds_member(*tracking, "UdpTimeout");
    interface.udp_stream_seconds = seconds_member(*tracking, "UdpStreamTimeout");
  }
  return interface;
}

std::optional<Subnet> read_subnet(const JsonObject& item, ItemProblems& problems) {
  Subnet subnet;
  if (!take_id(item, "SubnetId", "a subnet without an id", problems, subnet.id)) {
    return std::nullopt;
  }
  subnet.vpc_id = text_member(item, "VpcId");
  subnet.account_id = text_member(item, "OwnerId");
  subnet.az_id = text_member(item, "AvailabilityZoneId");
  if (const auto states = find_object(item, "BlockPublicAccessStates")) {
    const std::string mode = text_member(*states, "InternetGatewayBlockMode");
    subnet.public_access = mode == "off"                   ? PublicAccess::open
                           : mode == "block-ingress"       ? PublicAccess::ingress_blocked
                           : mode == "block-bidirectional" ? PublicAccess::blocked
                                                           : PublicAccess::unknown;
  }
  add_prefix(item, "CidrBlock", subnet.id, problems, subnet.prefixes);
  add_associated(item, "Ipv6CidrBlockAssociationSet", "Ipv6CidrBlock", "Ipv6CidrBlockState",
                 subnet.id, problems, subnet.prefixes);
  drop_repeats(subnet.prefixes);
  return subnet;
}

std::optional<Vpc> read_vpc(const JsonObject& item, ItemProblems& problems) {
  Vpc vpc;
  if (!take_id(item, "VpcId", "a VPC without an id", problems, vpc.id)) return std::nullopt;
  vpc.account_id = text_member(item, "OwnerId");
  add_prefix(item, "CidrBlock", vpc.id, problems, vpc.prefixes);
  add_associated(item, "CidrBlockAssociationSet", "CidrBlock", "CidrBlockState", vpc.id, problems,
                 vpc.prefixes);
  add_associated(item, "Ipv6CidrBlockAssociationSet", "Ipv6CidrBlock", "Ipv6CidrBlockState", vpc.id,
                 problems, vpc.prefixes);
  drop_repeats(vpc.prefixes);
  return vpc;
}

std::optional<PrefixList> read_prefix_list(const JsonObject& item, ItemProblems& problems) {
  PrefixList list;
  if (!take_id(item, "PrefixListId", "a prefix list without an id", problems, list.id)) {
    return std::nullopt;
  }
  list.name = text_member(item, "PrefixListName");
  const std::optional<JsonArray> cidrs = find_array(item, "Cidrs");
  list.has_entries = cidrs.has_value();
  if (!cidrs) return list;
  for (const JsonElement element : *cidrs) {
    Cidr cidr;
    if (const auto bad = read_cidr(element, cidr)) {
      problems.add(list.id, bad->problem, bad->value);
      list.is_incomplete = true;
    } else {
      list.entries.push_back(cidr);
    }
  }
  return list;
}

std::optional<Cidr> read_prefix_list_entry(const JsonObject& item, ItemProblems& problems) {
  std::vector<Cidr> one;
  if (!find_member(item, "Cidr")) problems.add("an entry of a prefix list", "Cidr is missing", {});
  add_prefix(item, "Cidr", "an entry of a prefix list", problems, one);
  return one.empty() ? std::nullopt : std::optional(one.front());
}

}  // namespace weir::policy
